from django.urls import path

from targets.views import comments, review

urlpatterns = [
    path("versions/", review.versions, name="versions"),
    path("versions/<int:number>/", review.version, name="version"),
    path("versions/submit/", review.submit, name="submit"),
    path("versions/decide/", review.decide, name="decide"),
    path("versions/adjust/", review.adjust, name="adjust"),
    path("versions/check/", review.check, name="version-check"),
    path("versions/drop/", review.drop, name="drop"),
    path("comments/", comments.comments, name="comments"),
    path("comments/<int:pk>/", comments.close, name="comment-close"),
]
