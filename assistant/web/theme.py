"""The colours and type of the page, light and dark, for Gradio's own parts."""

from __future__ import annotations

from assistant.web.gradio_import import gr

# name -> (light, dark); the style sheets read those that Gradio makes into CSS variables.
_COLOURS: dict[str, tuple[str, str]] = {
    "body_background_fill": ("#f5f6f7", "#11181c"),
    "body_text_color": ("#16242c", "#e9eff2"),
    "body_text_color_subdued": ("#47565f", "#b3c1c9"),
    "background_fill_primary": ("#ffffff", "#1a2429"),
    "background_fill_secondary": ("#edf1f3", "#222e34"),
    "block_background_fill": ("#ffffff", "#1a2429"),
    "block_border_color": ("#c5d0d6", "#3c4c54"),
    "block_label_text_color": ("#16242c", "#e9eff2"),
    "block_title_text_color": ("#16242c", "#e9eff2"),
    "border_color_primary": ("#c5d0d6", "#3c4c54"),
    "border_color_accent": ("#0f5675", "#8fcbe6"),
    "color_accent_soft": ("#e3eef3", "#21343d"),
    "input_background_fill": ("#ffffff", "#11181c"),
    "input_border_color": ("#5f707a", "#8a9aa3"),
    "input_border_color_focus": ("#0f5675", "#8fcbe6"),
    "link_text_color": ("#0f5675", "#8fcbe6"),
    "link_text_color_hover": ("#0a3d54", "#bfe2f2"),
    "link_text_color_active": ("#0a3d54", "#bfe2f2"),
    "link_text_color_visited": ("#0f5675", "#8fcbe6"),
    "button_primary_background_fill": ("#0f5675", "#8fcbe6"),
    "button_primary_background_fill_hover": ("#0a3d54", "#bfe2f2"),
    "button_primary_text_color": ("#ffffff", "#0b1d26"),
    "button_primary_text_color_hover": ("#ffffff", "#0b1d26"),
    "button_secondary_background_fill": ("#e5eaed", "#2b3940"),
    "button_secondary_background_fill_hover": ("#d3dce1", "#384a53"),
    "button_secondary_text_color": ("#16242c", "#e9eff2"),
    "button_secondary_text_color_hover": ("#16242c", "#e9eff2"),
    "checkbox_background_color": ("#ffffff", "#11181c"),
    "checkbox_background_color_selected": ("#0f5675", "#2f86ac"),
    "checkbox_border_color": ("#5f707a", "#8a9aa3"),
    "checkbox_label_background_fill": ("#ffffff", "#1a2429"),
    "checkbox_label_background_fill_hover": ("#edf1f3", "#222e34"),
    "checkbox_label_background_fill_selected": ("#ffffff", "#1a2429"),
    "checkbox_label_text_color": ("#16242c", "#e9eff2"),
    "checkbox_label_text_color_selected": ("#16242c", "#e9eff2"),
}


def make_theme() -> gr.themes.Base:
    """Make the theme; its fonts are names that every system has, so none is served."""
    theme = gr.themes.Base(
        font=["system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
        text_size="lg",
        radius_size="sm",
    )
    values: dict[str, str] = {}
    for name, (light, dark) in _COLOURS.items():
        values |= {name: light, f"{name}_dark": dark}
    return theme.set(**values)
