"""The pages for staff: payouts, refunds, the books."""
