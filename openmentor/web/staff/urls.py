"""The staff's pages."""

from django.urls import path

from openmentor.web.staff import books, payouts, refunds

urlpatterns = [
    path("staff/payouts", payouts.show, name="staff_payouts"),
    path("staff/payouts.csv", payouts.download, name="staff_payouts_file"),
    path("staff/payouts/<str:handle>", payouts.mark_paid, name="staff_payout"),
    path("staff/refunds", refunds.show, name="staff_refunds"),
    path("staff/refunds/<str:reference>/retry", refunds.try_again, name="staff_refund_retry"),
    path("staff/books", books.show, name="staff_books"),
    path("staff/books/check", books.check, name="staff_books_check"),
]
