package pdffile

import (
	"bytes"
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	drawing "gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

const (
	dotsPerInch = 220
	mostLabels  = 12 // of the horizontal axis
	chartText   = 8
)

// draw makes one picture of all charts, so that the file holds one at most: the
// library gives pictures names by chance, and with one there is one order.
func draw(c Charts, width float64) ([]byte, error) {
	canvas := vgimg.NewWith(
		vgimg.UseWH(vg.Length(width)*vg.Millimeter, vg.Length(c.Height)*vg.Millimeter),
		vgimg.UseDPI(dotsPerInch), vgimg.UseBackgroundColor(color.White),
	)
	whole := drawing.New(canvas)
	tall := whole.Rectangle.Size().Y / vg.Length(len(c.List))
	for i, chart := range c.List {
		made, err := chart.plot()
		if err != nil {
			return nil, fmt.Errorf("chart %q: %w", chart.Title, err)
		}
		below := tall * vg.Length(len(c.List)-1-i)
		gap := 4 * vg.Millimeter
		made.Draw(drawing.Crop(whole, 0, 0, below+gap, -tall*vg.Length(i)))
	}
	var out bytes.Buffer
	if _, err := (vgimg.PngCanvas{Canvas: canvas}).WriteTo(&out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func (c Chart) plot() (*plot.Plot, error) {
	made := plot.New()
	face := font.Font{Typeface: "Liberation", Variant: "Sans", Size: chartText}
	made.Title.Text = c.Title
	made.Title.TextStyle.Font = font.Font{Typeface: "Liberation", Variant: "Sans", Size: 10, Weight: 2}
	made.Title.Padding = 2 * vg.Millimeter
	made.Legend.TextStyle.Font, made.Legend.Top, made.Legend.Left = face, true, true
	made.Legend.Padding, made.Legend.YOffs = 0.8*vg.Millimeter, 1*vg.Millimeter
	made.X.Tick.Label.Font, made.Y.Tick.Label.Font = face, face
	made.X.Tick.Marker = c.labels()
	made.Y.Tick.Marker = ticks{c.Tick}
	made.X.LineStyle.Width, made.Y.LineStyle.Width = vg.Points(0.5), 0
	made.Y.Tick.LineStyle.Width = 0
	lines := plotter.NewGrid()
	lines.Vertical.Width = 0
	lines.Horizontal.Color = paintOf(faint())
	made.Add(lines)
	top := 0.0
	for _, s := range c.Series {
		for _, value := range s.Values {
			if !math.IsNaN(value) {
				top, made.Y.Min = max(top, value), min(made.Y.Min, value)
			}
		}
		if err := s.addTo(made); err != nil {
			return nil, err
		}
	}
	made.X.Min, made.X.Max = -0.6, float64(len(c.Labels))-0.4
	made.Y.Min = min(made.Y.Min, 0)
	made.Y.Max = max(top*1.4, 1) // room for the legend
	return made, nil
}

func (s Series) addTo(made *plot.Plot) error {
	paint, err := colourOf(s.Colour)
	if err != nil {
		return err
	}
	if s.IsBar {
		values := make(plotter.Values, len(s.Values))
		for i, value := range s.Values {
			if !math.IsNaN(value) {
				values[i] = value
			}
		}
		bars, err := plotter.NewBarChart(values, 3.6*vg.Millimeter)
		if err != nil {
			return err
		}
		bars.Color, bars.LineStyle.Width = paintOf(paint), 0
		made.Add(bars)
		made.Legend.Add(s.Name, bars)
		return nil
	}
	shown := false
	for _, run := range runs(s.Values) {
		line, err := plotter.NewLine(run)
		if err != nil {
			return err
		}
		line.Color, line.Width = paintOf(paint), vg.Points(1.8)
		if s.Dashed {
			line.Dashes = []vg.Length{vg.Points(4), vg.Points(2.5)}
		}
		made.Add(line)
		if !shown {
			made.Legend.Add(s.Name, line)
			shown = true
		}
	}
	return nil
}

// runs cuts a curve at its gaps.
func runs(values []float64) []plotter.XYs {
	var all []plotter.XYs
	var run plotter.XYs
	for i, value := range values {
		if !math.IsNaN(value) {
			run = append(run, plotter.XY{X: float64(i), Y: value})
			continue
		}
		if len(run) > 0 {
			all, run = append(all, run), nil
		}
	}
	if len(run) > 0 {
		all = append(all, run)
	}
	return all
}

// labels names every so many months, the last one among them.
func (c Chart) labels() plot.ConstantTicks {
	step := max((len(c.Labels)+mostLabels-1)/mostLabels, 1)
	var made plot.ConstantTicks
	for i, label := range c.Labels {
		tick := plot.Tick{Value: float64(i)}
		if (len(c.Labels)-1-i)%step == 0 {
			tick.Label = label
		}
		made = append(made, tick)
	}
	return made
}

// ticks writes the values of an axis as the language does.
type ticks struct{ write func(float64) string }

// Ticks implements plot.Ticker.
func (t ticks) Ticks(low, high float64) []plot.Tick {
	made := plot.DefaultTicks{}.Ticks(low, high)
	kept := made[:0]
	for _, tick := range made {
		if !tick.IsMinor() {
			tick.Label = t.write(tick.Value)
			kept = append(kept, tick)
		}
	}
	return kept
}
