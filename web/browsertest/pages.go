package browsertest

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// sitePage is a page of the site and what a reader does there.
type sitePage struct {
	name, path string
	reach      string       // selector of a link that leads there from the path; empty: the path is the page
	act        func(p *tab) // starts on the page, in English
}

// sitePages are all pages with figures, in the order of the navigation.
var sitePages = []sitePage{
	{"overview", "/", "", func(p *tab) {
		p.enter(".tile-dso_simple .tile-label a")
		p.check(`location.pathname === "/key-figures"`, "a key figure does not lead to what it is made of")
	}},
	{"key figures", "/key-figures", "", func(p *tab) {
		p.enter(".key-figures tbody a[href^='/ageing']")
		p.check(`document.querySelectorAll(".ageing tbody tr").length > 0`, "an amount does not lead to who owes it")
	}},
	{"ageing", "/ageing", "", ageingByKeyboard},
	{"roll rates", "/ageing", ".views a[href^='/roll-rates']", func(p *tab) {
		p.check(`document.querySelectorAll(".heat tbody tr").length > 2`, "no month is shown")
		p.enter(".views a[href^='/concentration']")
		p.check(`document.querySelector(".views a[aria-current]").pathname === "/concentration"`, "the tabs do not show where we are")
	}},
	{"concentration", "/ageing", ".views a[href^='/concentration']", func(p *tab) {
		p.enter(".top-table tbody a")
		p.check(`location.pathname.startsWith("/counterparties/")`, "a row does not lead to its customer")
	}},
	{"counterparty", "/ageing?sort=open", ".ageing tbody th a", func(p *tab) {
		p.enter(".items tbody th a")
		p.sourceLine()
	}},
	{"item", "/ageing?sort=open", ".ageing tbody th a", func(p *tab) {
		p.follow(".items tbody th a")
		p.enter(".crumbs a[href^='/counterparties/']")
		p.check(`document.querySelectorAll(".items tbody tr").length > 0`, "the item does not lead to its customer")
	}},
	{"cash forecast", "/cash-forecast", "", func(p *tab) {
		p.enter("#content tbody th.date a")
		p.check(`document.querySelector("tr[aria-current=true]") !== null`, "the chosen week is not marked")
		p.check(`document.querySelector("#h-items") !== null`, "a week does not lead to its items")
		if p.holds(`document.querySelector("[aria-labelledby=h-items] td a") !== null`) {
			p.follow("[aria-labelledby=h-items] td a")
			p.sourceLine()
		}
	}},
	{"payment terms", "/payment-terms", "tbody th a", func(p *tab) {
		p.enter(".legal td a")
		p.check(`location.pathname === "/payment-terms/invoices" && document.querySelectorAll("main tbody tr").length > 0`,
			"a cell does not lead to its invoices")
	}},
	{"invoices of payment terms", "/payment-terms", "tbody th a", func(p *tab) {
		p.follow(".legal td a")
		p.exports()
		p.enter("main tbody td a")
		p.sourceLine()
	}},
	{"breaches of payment terms", "/payment-terms", "a[href^='/payment-terms/breaches']", func(p *tab) {
		p.check(`document.querySelectorAll("main tbody tr").length > 0 || document.querySelectorAll(".empty").length === 2`, "it is not said that there is none")
		p.enter("a[href^='/payment-terms?'], a[href='/payment-terms']")
		p.check(`location.pathname === "/payment-terms"`, "the list does not lead back")
	}},
	{"late interest", "/late-interest", "", func(p *tab) {
		p.enter(".late-list tbody a")
		p.check(`document.querySelector(".arithmetic") !== null`, "the sum of a customer is not told")
	}},
	{"statement of late interest", "/late-interest", ".late-list tbody a", func(p *tab) {
		p.check(`/=/.test(document.querySelector(".arithmetic").innerText)`, "the arithmetic is not told")
		p.enter(".statement tbody th a")
		p.sourceLine()
	}},
	{"credit loss", "/credit-loss", "", func(p *tab) {
		p.enter(".matrix td a[href^='/ageing']")
		p.check(`new URLSearchParams(location.search).has("bucket")`, "a bucket does not lead to who is in it")
	}},
	{"credit decisions", "/decisions", "", func(p *tab) {
		p.enter(".list-filter[method=get] button")
		p.check(`new URLSearchParams(location.search).has("decision")`, "the filter is not in the address")
	}},
	{"disputes", "/disputes", "", func(p *tab) {
		p.enter(".filter button")
		p.check(`new URLSearchParams(location.search).has("as_of")`, "the date is not in the address")
	}},
	{"segments", "/segments", "", func(p *tab) {
		p.enter("[aria-labelledby=h-matrix] .heat tbody td a")
		p.check(`document.querySelectorAll("[aria-labelledby=h-list] tbody tr").length > 0`, "a cell does not lead to who is in it")
		p.enter("[aria-labelledby=h-list] tbody th a")
		p.check(`location.pathname.startsWith("/counterparties/")`, "a row does not lead to its customer")
	}},
	{"exposure", "/exposure", "", func(p *tab) {
		p.enter("main tbody th a")
		p.check(`location.pathname.startsWith("/counterparties/")`, "a row does not lead to its customer")
	}},
	{"alerts", "/alerts", "", func(p *tab) {
		p.enter(".alerts tbody th a")
		p.check(`location.pathname.startsWith("/counterparties/")`, "an alert does not lead to its customer")
	}},
	{"currencies", "/exposure", ".views a[href^='/currencies']", func(p *tab) {
		p.enter("main tbody th a")
		p.check(`location.pathname === "/ageing" && new URLSearchParams(location.search).has("entity")`, "an entity does not lead to who owes it")
	}},
	{"proof", "/proof", "", func(p *tab) {
		p.check(`document.querySelectorAll(".proof-table .wrong").length === 0`, "a line is not proved")
		p.enter(".proof-table tbody th a")
		p.check(`location.pathname === "/ageing" && new URLSearchParams(location.search).has("entity")`, "a line does not lead to its items")
	}},
	{"data", "/data", "", func(p *tab) {
		p.check(`document.querySelectorAll(".batches tbody tr").length > 0`, "no batch is listed")
		p.enter(".proof a")
		p.check(`location.pathname === "/proof"`, "the data do not lead to the proof")
	}},
	{"dictionary", "/data", ".foot a[href^='/dictionary']", func(p *tab) {
		entries := p.eval(`document.querySelectorAll("main section[id]").length`)
		name := p.text(`document.querySelector("main section[id] h2").innerText`)
		p.tabTo(".list-filter input[type=search]")
		p.do(chromedp.KeyEvent(name))
		p.leave(chromedp.KeyEvent(kb.Enter))
		found := p.eval(`document.querySelectorAll("main section[id]").length`)
		if found == 0 || found > entries {
			p.t.Errorf("searching for %q leaves %v of %v entries", name, found, entries)
		}
	}},
}

// whole checks what holds of every page, then does what a reader does there.
func (page sitePage) whole(p *tab) {
	p.scheme("light")
	p.visit(page.english())
	if page.reach != "" {
		p.follow(page.reach)
	}
	p.wait(`[...document.querySelectorAll("[data-chart]")].every((box) => box.dataset.state)`)
	p.check(`[...document.querySelectorAll("[data-chart]")].every((box) => box.dataset.state === "drawn")`, "a chart is not drawn")
	p.outline()
	p.names(20)
	p.exports()
	title := p.text(`document.title`)
	p.enter(".languages a[hreflang=fr]")
	p.check(`document.documentElement.lang === "fr" && document.querySelector("h1").innerText.trim().length > 1`, "the page is not French")
	p.check(`document.querySelector(".languages [aria-current]").lang === "fr"`, "the language is not marked")
	p.outline()
	p.size(380)
	p.check(`document.documentElement.scrollWidth <= window.innerWidth`, "the page is wider than the screen")
	p.size(1280)
	p.follow(".languages a[hreflang=en]")
	p.check(`document.title === `+quoted(title), "the language switch leads elsewhere")
	page.act(p)
}

func (page sitePage) english() string {
	if strings.Contains(page.path, "?") {
		return page.path + "&lang=en"
	}
	return page.path + "?lang=en"
}

// outline checks the headings, the landmarks, the tables and the texts of a page.
func (p *tab) outline() {
	p.t.Helper()
	p.check(`document.querySelectorAll("h1").length === 1`, "there is not one first heading")
	p.check(`["header", "main", "footer", "nav[aria-label]"].every((mark) => document.querySelector(mark))`, "a landmark is missing")
	p.check(`[...document.querySelectorAll("main table")].every((table) => table.caption && table.caption.textContent.trim() !== "")`, "a table has no caption")
	p.check(`[...document.querySelectorAll("main table th")].every((head) => head.scope)`, "a heading of a table has no scope")
	p.check(`[...document.querySelectorAll(".scroll")].every((box) => box.tabIndex === 0 && (box.ariaLabel || box.getAttribute("aria-labelledby")))`,
		"a table that scrolls cannot be reached or has no name")
	p.check(`[...document.querySelectorAll("[id]")].every((one, at, all) => all.findIndex((other) => other.id === one.id) === at)`, "an identifier stands twice")
	p.check(`!/\[[a-z_]+(\.[a-z0-9_+-]+)+\]/.test(document.body.innerText)`, "a key shows instead of its text")
	p.check(`document.documentElement.lang !== "fr" || !/[\p{L}\p{N}] [:;!?»%€](\s|$)/mu.test([...document.querySelectorAll("main h1, main h2, main .note, main caption, main .count")].map((one) => one.textContent).join("\n"))`,
		"a French mark may begin a line")
	p.check(`document.documentElement.scrollWidth <= window.innerWidth`, "the page is wider than the screen")
}

// named are the roles of which each must say what it is.
var named = map[string]bool{
	"button": true, "link": true, "textbox": true, "searchbox": true, "combobox": true, "checkbox": true, "Date": true,
	"DisclosureTriangle": true, "region": true, "navigation": true, "form": true, "search": true, "table": true, "image": true, "img": true,
}

// names checks that what assistive technology sees has names, and that it sees so
// many at least.
func (p *tab) names(least int) {
	p.t.Helper()
	tree, err := chromedp.Call(p.ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	p.must(err)
	seen := 0
	for _, node := range tree.Nodes {
		if node.Ignored || node.Role == nil {
			continue
		}
		role := strings.Trim(string(node.Role.Value), `"`)
		if !named[role] {
			continue
		}
		seen++
		if node.Name == nil || strings.TrimSpace(strings.Trim(string(node.Name.Value), `"`)) == "" {
			p.t.Errorf("%s: a %s has no name", p.text("location.pathname"), role)
		}
	}
	if seen < least {
		p.t.Errorf("only %d named elements were seen", seen)
	}
}

// exports asks for one file of every report that the page offers, and for each PDF.
func (p *tab) exports() {
	p.t.Helper()
	answers, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](`(async () => {
		const problems = [];
		const links = [...document.querySelectorAll(".exports")].flatMap((list) => [...list.querySelectorAll("a")].filter((a) => /\.(csv|pdf)$/.test(a.pathname)));
		for (const link of links) {
			const answer = await fetch(link.href);
			const bytes = (await answer.arrayBuffer()).byteLength;
			if (answer.status !== 200 || bytes === 0) problems.push(link.pathname + link.search + ": status " + answer.status + ", " + bytes + " bytes");
		}
		return problems.join("\n");
	})()`, chromedp.EvalAwaitPromise))
	p.must(err)
	if answers != "" {
		p.t.Errorf("exports of %s:\n%s", p.text("location.pathname"), answers)
	}
}

// sourceLine checks that an item names the line of the file that it comes from.
func (p *tab) sourceLine() {
	p.t.Helper()
	p.check(`location.pathname.startsWith("/items/")`, "the link does not lead to an item")
	p.check(`document.querySelector(".facts .file").textContent.trim().length > 1 && document.querySelector(".facts .line").textContent.trim().length > 0`,
		"the source line is not named")
}

// tabTo moves the focus with the keyboard to the first element that a selector
// finds, and checks that it can be seen there.
func (p *tab) tabTo(selector string) {
	p.t.Helper()
	if !p.holds(`document.querySelector(` + quoted(selector) + `) !== null`) {
		p.t.Fatalf("%s: there is no %s", p.text("location.pathname + location.search"), selector)
	}
	// From the stop before it: a page may have hundreds of them.
	p.eval(`(() => {
		const wanted = document.querySelector(` + quoted(selector) + `);
		const stops = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary, [tabindex='0']")]
			.filter((stop) => stop.checkVisibility() && stop.closest("details:not([open]) > :not(summary)") === null);
		const at = stops.indexOf(wanted);
		if (at > 0) stops[at - 1].focus();
		return at;
	})()`)
	for range 8 { // a date has several stops of its own
		p.do(chromedp.KeyEvent(kb.Tab))
		if p.holds(`document.activeElement.matches(` + quoted(selector) + `)`) {
			break
		}
	}
	p.check(`document.activeElement.matches(`+quoted(selector)+`)`, "the keyboard does not reach "+selector)
	p.check(`getComputedStyle(document.activeElement).outlineStyle !== "none"`, "the focus cannot be seen")
}

// enter reaches a link or a button with the keyboard, presses Enter and waits for
// the page that it leads to.
func (p *tab) enter(selector string) {
	p.t.Helper()
	p.tabTo(selector)
	p.leave(chromedp.KeyEvent(kb.Enter))
}

// ageingByKeyboard groups, sorts and narrows the ageing without a mouse.
func ageingByKeyboard(p *tab) {
	p.tabTo(".list-filter select[name=group_by]")
	p.do(chromedp.KeyEvent("Country"))
	p.check(`document.activeElement.value === "country"`, "the choice cannot be typed")
	p.enter(".list-filter button")
	p.check(`new URLSearchParams(location.search).get("group_by") === "country" && document.querySelectorAll(".ageing tbody tr").length > 0`, "the ageing is not by country")
	p.enter(".ageing tbody th a")
	p.check(`document.querySelector(".narrowed") !== null && document.querySelectorAll(".ageing tbody tr").length > 0`, "a country does not lead to its customers")
	p.enter(".ageing thead a[href*='sort=name']")
	p.check(`document.querySelector(".ageing th[aria-sort=ascending]") !== null`, "the list is not sorted by name")
	p.enter(".ageing tbody th a")
	p.check(`location.pathname.startsWith("/counterparties/")`, "a row does not lead to its customer")
}

// notFound says so and leads back to the figures.
func notFound(p *tab) {
	p.lenient = true // the browser logs the status
	p.visit("/nothing?lang=fr")
	p.outline()
	p.names(4)
	p.check(`document.querySelector(".status").innerText === "404"`, "that there is no such page is not said")
	p.enter("main a.button")
	p.check(`location.pathname === "/"`, "the page does not lead back")
}

// withoutItems shows pages of a project in which nothing is open: each says so in
// words, in both languages, and leaves out its charts.
func withoutItems(p *tab) {
	for _, path := range []string{
		"/", "/key-figures", "/ageing", "/roll-rates", "/concentration", "/cash-forecast", "/payment-terms/breaches",
		"/late-interest", "/credit-loss", "/disputes", "/exposure", "/changes",
	} {
		for _, lang := range []string{"en", "fr"} {
			p.visit(path + "?lang=" + lang)
			p.outline()
			p.check(`document.querySelectorAll("[data-chart]").length === 0`, "a chart of nothing is shown")
			p.check(`[...document.querySelectorAll("main .empty, main .card > p")].some((one) => one.innerText.trim().length > 10)`, "that there is nothing is not said")
		}
	}
}

// RunSignIn drives a site that asks for a token: it says so, refuses another one,
// and leads back to the page that was asked for.
func RunSignIn(t *testing.T, baseURL, token string) {
	t.Helper()
	p := open(t, start(t), baseURL)
	p.lenient = true // the browser logs that it was refused
	p.visit("/ageing?lang=fr")
	p.outline()
	p.names(4)
	p.check(`document.activeElement.name === "token"`, "the token cannot be typed at once")
	p.do(chromedp.KeyEvent("another-token-than-that"))
	p.leave(chromedp.KeyEvent(kb.Enter))
	p.check(`document.querySelector("[role=alert]").innerText.trim().length > 10`, "that the token is wrong is not said")
	p.tabTo("input[name=token]")
	p.do(chromedp.KeyEvent(token))
	p.leave(chromedp.KeyEvent(kb.Enter))
	p.check(`location.pathname === "/ageing" && document.querySelectorAll(".ageing tbody tr").length > 0`, "signing in does not lead back")
	p.enter(".sign-out button")
	p.visit("/ageing?lang=en")
	p.check(`document.querySelector("input[name=token]") !== null`, "signing out does not last")
}
