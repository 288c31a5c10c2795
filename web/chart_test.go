package web

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/encours/encours/reports"
)

// options is what a test reads of a chart.
type options struct {
	Tooltip struct{ RenderMode string }
	XAxis   []struct{ Data []string }
	YAxis   []struct{ Max any }
	Aria    struct {
		Label struct{ Description string }
	}
	Series []struct {
		Name, Type, Stack string
		YAxisIndex        int
		ItemStyle         struct{ Color string }
		Data              []struct{ Value json.RawMessage }
	}
}

func decoded(t *testing.T, made optioned) options {
	t.Helper()
	raw, err := chartOptions(made)
	if err != nil {
		t.Fatal(err)
	}
	var got options
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestAgeingChart(t *testing.T) {
	draw := drawing{newTestServer(t).locales["fr"], reports.Customer}
	november, december := time.Date(2025, 11, 30, 0, 0, 0, 0, time.UTC), time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC)
	got := decoded(t, draw.ageing([]reports.BucketMonth{
		{Date: december, Bucket: "1-30", Order: 2, Open: 5}, {Date: november, Bucket: "not_due", Order: 1, Open: 922337203685477580},
		{Date: december, Bucket: "not_due", Order: 1, Open: -1234567},
	}, []reports.Bucket{{Order: 1, Name: "not_due"}, {Order: 2, Name: "1-30", IsOverdue: true}}))
	if labels := strings.Join(got.XAxis[0].Data, ","); labels != "nov. 2025,déc. 2025" {
		t.Errorf("months %q", labels)
	}
	if got.Tooltip.RenderMode != "richText" {
		t.Errorf("tooltips are drawn as %q", got.Tooltip.RenderMode)
	}
	if got.Series[0].Name != "Non échu" || got.Series[0].ItemStyle.Color != "--age-0" || got.Series[0].Stack != got.Series[1].Stack {
		t.Errorf("series %+v", got.Series[0])
	}
	values := ""
	for _, series := range got.Series {
		for _, point := range series.Data {
			values += string(point.Value) + " "
		}
	}
	if want := "9223372036854775.80 -12345.67 0.00 0.05 "; values != want {
		t.Errorf("values %q, want %q: digits are lost", values, want)
	}
	if got.Aria.Label.Description == "" {
		t.Error("the chart has no description")
	}
}

func TestDelayChartHasGapsForUnknownDays(t *testing.T) {
	draw := drawing{newTestServer(t).locales["en"], reports.Supplier}
	got := decoded(t, draw.dso([]reports.MonthPoint{{}, {DSOCountback: reports.Days{Hundredths: 8243, Valid: true}}}))
	if len(got.Series) != 3 || got.Series[0].Name != "DPO (count-back)" {
		t.Fatalf("series %+v", got.Series)
	}
	if first, second := string(got.Series[0].Data[0].Value), string(got.Series[0].Data[1].Value); first == "0" || second != "82.43" {
		t.Errorf("values %q, %q", first, second)
	}
}

func TestConcentrationChart(t *testing.T) {
	draw := drawing{newTestServer(t).locales["en"], reports.Customer}
	figures := &reports.Overview{Concentration: []reports.TopCounterparty{
		{Name: "Acme __f__function(){}__f__", Open: 100, Share: reports.Ratio{BasisPoints: 6000, Valid: true}},
		{ID: "C2", Open: 50, Share: reports.Ratio{BasisPoints: 3000, Valid: true}},
	}}
	got := decoded(t, draw.concentration(cumulate(figures)))
	if got.Series[1].YAxisIndex != 1 || string(got.Series[1].Data[1].Value) != "90.00" || got.XAxis[0].Data[1] != "C2" {
		t.Errorf("series %+v over %q", got.Series, got.XAxis[0].Data)
	}
}

func TestSalesChart(t *testing.T) {
	draw := drawing{newTestServer(t).locales["en"], reports.Customer}
	got := decoded(t, draw.sales([]reports.MonthPoint{{Sales: 100, Receivable: 200}}))
	if len(got.Series) != 2 || got.Series[0].Type != "bar" || got.Series[1].Type != "line" || string(got.Series[1].Data[0].Value) != "2.00" {
		t.Errorf("series %+v", got.Series)
	}
}

func TestChartsHoldNoFunctions(t *testing.T) {
	draw := drawing{newTestServer(t).locales["en"], reports.Customer}
	bar := draw.bars("ageing", []string{"a"})
	bar.Tooltip.Formatter = opts.FuncOpts("function () { return 1 }")
	if _, err := chartOptions(bar); !errors.Is(err, errChartFunction) {
		t.Errorf("error %v", err)
	}
}

func TestSegments(t *testing.T) {
	bar := segments([]reports.Bucket{{Name: "not_due", Debit: 1 << 60}, {Name: "1-30", IsOverdue: true, Debit: 1 << 60, Credit: -5}, {Name: "unknown"}})
	if bar[0].Width != "50.00" || bar[1].Start != "50.00" || bar[2].Width != "0" || bar[2].Class != "age-u" {
		t.Errorf("segments %+v", bar)
	}
	if empty := segments(nil); len(empty) != 0 {
		t.Errorf("segments %+v", empty)
	}
}

// TestBucketClass: the colours of the buckets that are shipped, and of a project with
// two or nine overdue buckets of its own.
func TestBucketClass(t *testing.T) {
	for _, test := range []struct {
		overdue []string
		want    string
	}{
		{[]string{"1-30", "31-60", "61-90", "91-180", "181+"}, "age-0 age-1 age-2 age-3 age-4 age-5 age-u"},
		{[]string{"1-45", "46+"}, "age-0 age-1 age-2 age-u"},
		{strings.Fields("a b c d e f g h i"), "age-0 age-1 age-1 age-2 age-2 age-3 age-3 age-4 age-4 age-5 age-u"},
		{nil, "age-0 age-u"},
	} {
		buckets := []reports.Bucket{{Name: "current"}}
		for _, name := range test.overdue {
			buckets = append(buckets, reports.Bucket{Name: name, IsOverdue: true})
		}
		buckets = append(buckets, reports.Bucket{Name: "no date", IsUnknown: true})
		var got []string
		for _, bucket := range buckets {
			got = append(got, bucketClass(buckets, bucket.Name))
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%d overdue buckets: %s, want %s", len(test.overdue), got, test.want)
		}
	}
	byInvoiceDate := []reports.Bucket{{Name: "0-30"}, {Name: "31-60"}, {Name: "61+"}, {Name: "no date", IsUnknown: true}}
	if got := bucketClass(byInvoiceDate, "61+") + " " + bucketClass(byInvoiceDate, "0-30"); got != "age-2 age-0" {
		t.Errorf("buckets by invoice date: %s", got)
	}
	if got := bucketClass(nil, "gone"); got != "age-u" {
		t.Errorf("a bucket that is not there: %s", got)
	}
}
