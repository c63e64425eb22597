"""What people say of answers: kept, listed, and made into evaluation cases."""
