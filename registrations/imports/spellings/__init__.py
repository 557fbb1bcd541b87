"""What people write in lists, and what they mean by it: headers, names of people and countries, days."""
