"""Tell other systems what happens in a workspace: webhooks, their queues and their delivery."""
