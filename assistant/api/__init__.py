"""What programs call: REST, and MCP."""
