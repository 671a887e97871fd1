from django.urls import path

from households.views import review_paper, reviews

app_name = "reviews"
urlpatterns = [
    path("<int:pk>/", reviews.villages, name="villages"),
    path("<int:pk>/<int:village_pk>/", reviews.village, name="village"),
    path("<int:pk>/<int:village_pk>/paper/", review_paper.paper, name="paper"),
    path("household/<int:pk>/", reviews.form, name="form"),
    path("household/<int:pk>/screen/", reviews.screen, name="screen"),
    path("household/<int:pk>/preview/", reviews.preview, name="preview"),
    path("household/<int:pk>/draft/", reviews.draft, name="draft"),
    path("household/<int:pk>/draft/drop/", reviews.draft_drop, name="draft-drop"),
]
