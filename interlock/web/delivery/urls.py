from django.urls import path

from interlock.web.delivery.views import (
    agreeing,
    awarding,
    bids,
    calls,
    evaluating,
    paying,
    stories,
    sums,
)

app_name = "delivery"
CALL = "calls/<int:number>/"
BID = f"{CALL}bid/<uuid:ref>/"
#: Calls, bids and what the panel says.
CALLS = [
    path("calls/", calls.listed, name="calls"),
    path("calls/elsewhere/", calls.elsewhere, name="elsewhere"),
    path("calls/new/<int:number>/", calls.new, name="new_call"),
    path(CALL, calls.call, name="call"),
    path(f"{CALL}edit/", calls.edit, name="edit_call"),
    path(f"{CALL}ask/", calls.ask, name="ask_about"),
    path(f"{CALL}organise/", calls.organise, name="organise"),
    path(f"{CALL}organise/<slug:what>/", calls.act, name="call_act"),
    path(f"{CALL}custody/", calls.custody, name="custody"),
    path(f"{CALL}bid/", bids.begin, name="begin_bid"),
    path(BID, bids.bid, name="bid"),
    path(f"{BID}bid.json", bids.copy, name="bid_copy"),
    path(f"{BID}withdraw/", bids.withdraw, name="withdraw_bid"),
    path(f"{BID}partners/<int:which>/", bids.partner, name="partner"),
    path(f"{BID}files/<uuid:file>/", bids.file, name="bid_file"),
    path(f"{BID}files/<uuid:file>/detach/", bids.detach, name="detach"),
    path(f"{BID}<slug:name>/", bids.step, name="bid_step"),
    path(f"{CALL}scores/", evaluating.scores, name="scores"),
    path(f"{CALL}scores/<int:offer>/", evaluating.score, name="score"),
    path(f"{CALL}ranking/", evaluating.ranking, name="ranking"),
    path(f"{CALL}sheet.csv", evaluating.sheet, name="sheet"),
]
MONEY = [
    path("", stories.deliveries, name="deliveries"),
    path("awards/<int:number>/", awarding.award, name="award"),
    path("awards/<int:number>/complain/", awarding.complain, name="complain"),
    path(
        "awards/<int:number>/complaints/<int:complaint>/",
        awarding.answer,
        name="answer_complaint",
    ),
    path("awards/<int:number>/annul/", awarding.annul, name="annul"),
    path("awards/<int:number>/draft/", agreeing.draft, name="draft"),
    path("offers/<int:number>/award/", awarding.offer, name="award_offer"),
    path("agreements/<int:number>/", agreeing.agreement, name="agreement"),
    path("agreements/<int:number>/versions/", agreeing.versions, name="versions"),
    path("agreements/<int:number>/versions/<int:version>/sign/", agreeing.sign, name="sign"),
    path("agreements/<int:number>/versions/<int:version>/drop/", agreeing.drop, name="drop"),
    path("agreements/<int:number>/end/", agreeing.end, name="end"),
    path("agreements/<int:number>/release/", paying.release, name="release"),
    path("agreements/<int:number>/report/<slug:code>/", paying.report, name="report"),
    path("agreements/<int:number>/payments/", paying.plan, name="plan_payment"),
    path("reports/<int:number>/", paying.answer, name="answer"),
    path("payments/<int:number>/", paying.payment, name="payment"),
    path("payments/<int:number>/invoice/", paying.invoice, name="invoice"),
    path("payments/<int:number>/approve/", paying.approve, name="approve"),
    path("payments/<int:number>/pay/", paying.pay, name="pay"),
    path("payments/<int:number>/confirm/", paying.confirm, name="confirm"),
    path("payments/<int:number>/reverse/", paying.reverse, name="reverse"),
]
#: What it adds up to, and what may be taken away.
SUMS = [
    path("sums/", sums.sums, name="sums"),
    path("sums.csv", sums.sums_csv, name="sums_csv"),
    path("sums/kept/<slug:slug>/", sums.kept, name="kept"),
    path("sums/kept/<slug:slug>/<int:year>/<str:currency>/", sums.say, name="say_kept"),
    path("coop-contracts.csv", sums.coop_contracts_csv, name="coop_contracts"),
    path("<slug:slug>/ocds.json", sums.ocds_json, name="ocds"),
    path("<slug:slug>/records.json", sums.records_json, name="records"),
    path("<slug:slug>/grants.csv", sums.grants_csv, name="grants"),
    path("<slug:slug>/projects.csv", sums.projects_csv, name="projects_csv"),
    path("<slug:slug>/sums/", sums.overview, name="overview"),
]
#: A process and its projects come last: their names could be anything.
STORIES = [
    path("<slug:slug>/", stories.process, name="process"),
    path("<slug:slug>/record/", stories.record, name="record"),
    path("<slug:slug>/<str:ref>/", stories.delivery, name="delivery"),
    path("<slug:slug>/<str:ref>/follow/", stories.follow, name="follow"),
    path("<slug:slug>/<str:ref>/news/", stories.news, name="news"),
    path("<slug:slug>/<str:ref>/award/", awarding.directly, name="award_directly"),
    path("<slug:slug>/<str:ref>/<slug:name>/", stories.act, name="act"),
]
urlpatterns = [*CALLS, *MONEY, *SUMS, *STORIES]
