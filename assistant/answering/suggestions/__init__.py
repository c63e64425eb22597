"""Questions to suggest: each was answered from the shelf before it is offered."""
