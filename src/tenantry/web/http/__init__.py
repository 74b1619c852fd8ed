"""What every request goes through, whichever face it asks for: who asks, what he may, problems, headers, logs."""
