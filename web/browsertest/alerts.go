package browsertest

import (
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// alerts goes through the alerts and acknowledges one by keyboard.
func alerts(p *tab) {
	p.visit("/?lang=en")
	p.follow(".pages a[href^='/alerts']")
	p.check(`document.querySelectorAll(".alerts tbody tr").length > 0`, "no alert is listed")
	p.check(`[...document.querySelectorAll(".alerts tbody tr")].every((row) => Number(row.cells[0].innerText) >= Number((row.nextElementSibling ?? row).cells[0].innerText))`,
		"the most severe does not stand first")
	p.check(`document.querySelectorAll(".exports a[href^='/export/alerts.']").length === 5`, "the exports are not all there")
	p.check(`!document.querySelector("main").innerText.includes("[")`, "a text is missing")
	p.follow(".languages a[hreflang=fr]")
	p.check(`document.querySelector("h1").innerText === "Alertes"`, "the page is not French")
	p.follow(".languages a[hreflang=en]")
	if p.holds(`document.querySelector(".alerts form") === null`) {
		return // nothing can be done here
	}
	p.do(chromedp.Focus(chromedp.CSS(".alerts tbody tr:first-child .done summary")))
	p.do(chromedp.KeyEvent(kb.Enter))
	p.wait(`document.querySelector(".alerts tbody tr:first-child .done").open`)
	p.tabTo(".alerts tbody tr:first-child input[name=note]")
	p.do(chromedp.KeyEvent("will call"))
	p.tabTo(".alerts tbody tr:first-child button[value=acknowledged]")
	p.leave(chromedp.KeyEvent(kb.Enter))
	p.check(`location.pathname === "/alerts" && document.querySelector("#done[role=status]") !== null`, "that it was noted is not said")
	p.visit("/alerts?lang=en")
	p.size(380)
	p.check(`document.documentElement.scrollWidth <= window.innerWidth`, "the page is wider than the screen")
}
