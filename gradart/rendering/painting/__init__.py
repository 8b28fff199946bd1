"""Pages painted by cairo, as pixels and as PDF."""
