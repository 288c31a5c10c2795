package pdffile

import (
	"fmt"
	"image/color"

	"github.com/johnfercher/maroto/v2/pkg/props"
)

func ink() *props.Color   { return &props.Color{Red: 0x1b, Green: 0x24, Blue: 0x30} }
func muted() *props.Color { return &props.Color{Red: 0x5a, Green: 0x66, Blue: 0x75} }
func faint() *props.Color { return &props.Color{Red: 0xd8, Green: 0xdd, Blue: 0xe3} }
func good() *props.Color  { return &props.Color{Red: 0x1c, Green: 0x6b, Blue: 0x3c} }
func bad() *props.Color   { return &props.Color{Red: 0xa3, Green: 0x1d, Blue: 0x1d} }

// colourOf reads #rrggbb.
func colourOf(text string) (*props.Color, error) {
	var c props.Color
	if n, err := fmt.Sscanf(text, "#%02x%02x%02x", &c.Red, &c.Green, &c.Blue); err != nil || n != 3 || len(text) != 7 {
		return nil, fmt.Errorf("read colour %q: it is not of the form #rrggbb", text)
	}
	return &c, nil
}

// on is the colour of a text that can be read on another.
func on(back *props.Color) *props.Color {
	if 299*back.Red+587*back.Green+114*back.Blue < 140_000 {
		return &props.Color{Red: 255, Green: 255, Blue: 255}
	}
	return ink()
}

func paintOf(c *props.Color) color.Color {
	return color.RGBA{R: uint8(c.Red), G: uint8(c.Green), B: uint8(c.Blue), A: 255}
}
