from django.urls import path

from households.views import certificates, opinions, recognition, rounds, steps

app_name = "rounds"
urlpatterns = [
    path("", rounds.index, name="index"),
    path("open/", rounds.open_round, name="open"),
    path("opinions/", opinions.opinions, name="opinions"),
    path("opinions/<int:pk>/", opinions.reply, name="opinion-reply"),
    path("certificates/", certificates.certificates, name="certificates"),
    path("certificates/<int:pk>/hand-over/", certificates.hand_over, name="certificate-hand-over"),
    path("certificates/<int:pk>/withdraw/", certificates.withdraw, name="certificate-withdraw"),
    path("<int:pk>/", rounds.detail, name="detail"),
    path("<int:pk>/edit/", rounds.edit, name="edit"),
    path("<int:pk>/cancel/", rounds.cancel, name="cancel"),
    path("<int:pk>/fill/", rounds.fill, name="fill"),
    path("<int:pk>/add/", rounds.add, name="add"),
    path("<int:pk>/drop/<int:review_pk>/", rounds.drop, name="drop"),
    path("<int:pk>/steps/<slug:step>/", steps.step, name="step"),
    path("<int:pk>/steps/<slug:step>/finish/", steps.finish, name="finish"),
    path("<int:pk>/steps/<slug:step>/reopen/", steps.reopen, name="reopen"),
    path("<int:pk>/steps/<slug:step>/days/", steps.plan, name="plan"),
    path("<int:pk>/meetings/<int:village_pk>/", steps.meeting, name="meeting"),
    path("<int:pk>/minutes/<int:meeting_pk>/", steps.minutes, name="minutes"),
    path("<int:pk>/postings/add/", steps.posting, name="posting"),
    path("<int:pk>/postings/<int:posting_pk>/", steps.posting_edit, name="posting-edit"),
    path("<int:pk>/complaints/add/", steps.complaint_add, name="complaint-add"),
    path("<int:pk>/complaints/<int:complaint_pk>/", steps.complaint_answer, name="complaint-answer"),
    path("<int:pk>/opinion/", steps.opinion_ask, name="opinion-ask"),
    path("<int:pk>/recognise/", recognition.recognise, name="recognise"),
    path("<int:pk>/decisions/<int:recognition_pk>/number/", recognition.number, name="number"),
    path("<int:pk>/corrections/", recognition.corrections, name="corrections"),
    path("<int:pk>/corrections/<int:review_pk>/open/", recognition.correction_open, name="correction-open"),
    path(
        "<int:pk>/corrections/<int:review_pk>/recognise/",
        recognition.correction_recognise,
        name="correction-recognise",
    ),
    path("<int:pk>/corrections/<int:review_pk>/withdraw/", recognition.correction_withdraw, name="correction-withdraw"),
    path("<int:pk>/certificates/", certificates.issue, name="issue"),
]
