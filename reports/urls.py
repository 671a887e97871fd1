from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("", views.index, name="index"),
    path("frame/", views.frame, name="frame"),
    path("number/", views.number, name="number"),
    path("<slug:kind>/", views.preview, name="preview"),
    path("<slug:kind>/pdf/", views.pdf, name="pdf"),
    path("<slug:kind>/xlsx/", views.xlsx, name="xlsx"),
]
