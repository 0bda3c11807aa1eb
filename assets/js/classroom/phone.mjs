// Placeholder phone
