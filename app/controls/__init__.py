"""Controls as data: the setup sentence, menus and sliders."""
