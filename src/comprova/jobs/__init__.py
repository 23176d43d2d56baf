"""Jobs: when, over what and for whom questions are asked; one run of a job, from logs to documents."""
