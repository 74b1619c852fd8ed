"""Documents as companies send them: sheets of PDF with letterhead, lines and totals."""
