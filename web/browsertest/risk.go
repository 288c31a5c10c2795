package browsertest

// risk asks who has worsened this month, why a customer has its class, and takes the
// segment of a cell away.
func risk(p *tab) {
	p.visit("/?lang=en")
	p.follow(".pages a[href^='/risk']")
	p.follow(".views a[href*='change=worsened']")
	p.check(`document.querySelectorAll("[aria-labelledby=h-scores] tbody tr").length > 0`, "nobody has worsened")
	p.check(`[...document.querySelectorAll("[aria-labelledby=h-scores] tbody tr")].every((row) => row.querySelector(".bad") !== null)`,
		"the list holds some who have not worsened")
	p.visit("/risk?lang=en&class=D")
	p.follow("[aria-labelledby=h-scores] tbody tr:first-child th a")
	p.check(`/Why is this customer D/.test(document.querySelector("#h-score").innerText)`, "the page does not say why")
	p.visit("/segments?lang=en")
	p.check(`document.querySelectorAll("[aria-labelledby=h-matrix] .heat tbody tr").length === 6`, "the matrix has not every class")
	p.check(`document.querySelectorAll(".heat").length >= 3`, "the transitions are not shown")
	p.check(`!document.body.innerText.includes("[")`, "a text is missing")
	p.follow("[aria-labelledby=h-matrix] .heat tbody td a")
	p.check(`/class=[A-EN]/.test(location.search) && /band=[ABC]/.test(location.search)`, "a cell does not lead to who is in it")
	p.check(`document.querySelectorAll("[aria-labelledby=h-list] tbody tr").length > 0`, "the cell is empty")
	p.check(`[...document.querySelectorAll("[aria-labelledby=h-list] .exports a[href*='risk-segments']")].every((a) => /band=/.test(a.href) && /class=/.test(a.href))`,
		"the export is not narrowed to the cell")
	p.follow(".languages a[hreflang=fr]")
	p.check(`document.querySelector("h1").innerText.includes("Segments de risque")`, "the page is not French")
	p.follow(".languages a[hreflang=en]")
	p.follow("[aria-labelledby=h-list] tbody tr:first-child th a")
	p.check(`document.querySelector("#h-score") !== null`, "a customer of the segment does not lead to its score")
	p.visit("/segments?lang=en")
	p.size(380)
	p.check(`document.documentElement.scrollWidth <= window.innerWidth`, "the page is wider than the screen")
}
