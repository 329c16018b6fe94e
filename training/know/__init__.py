"""Know our charter: lessons and questions out of what an edition says."""
