"""Amazon Athena over the trail's bucket."""
