(() => {
    /* The texts of a page whose contrast with what is behind them is below 4.5 (WCAG 2, level AA). SPDX-License-Identifier: ISC */
    const channels = colour => colour.match(/[\d.]+/g).map(Number);
    const linear = value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    const luminance = ([r, g, b]) =>
        0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
    const behind = element => {
        const colour = channels(getComputedStyle(element).backgroundColor);
        return colour[3] === 0 ? behind(element.parentElement) : colour;
    };
    const contrast = element => {
        const [low, high] = [channels(getComputedStyle(element).color), behind(element)].map(luminance)
            .sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
    };
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const faint = [];
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement;
        if (texts.currentNode.data.trim() && element.checkVisibility() && contrast(element) < 4.5)
            faint.push(`${texts.currentNode.data}: ${contrast(element).toFixed(1)}`);
    }
    return faint;
})()
