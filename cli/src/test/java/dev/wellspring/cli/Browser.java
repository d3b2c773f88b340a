package dev.wellspring.cli;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/// Debian's Chromium without a window, driven by its own ChromeDriver: nothing is downloaded.
final class Browser implements AutoCloseable {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /// Starts it, or skips the test where there is none, and says so.
    static Browser start() {
        Assumptions.assumeTrue(
                Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
                "SKIPPED, no browser: apt-get install chromium chromium-driver");
        Logger.getLogger("org.openqa.selenium").setLevel(Level.SEVERE);
        var logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        var options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        // Root has no sandbox, and containers little shared memory.
        options.addArguments(
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,900");
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        var service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .withLogFile(new File("/dev/null"))
                .build();
        return new Browser(new ChromeDriver(service, options));
    }

    /// Opens a page of a report, and waits for its scripts.
    ///
    /// @param hash the address after `#`
    void open(Path file, String hash) {
        driver.get(file.toUri() + "#" + hash);
        driver.navigate().refresh(); // another hash alone would not load it anew
        until("document.documentElement.dataset.ready === 'true'");
    }

    /// Opens a page of a server.
    void visit(String url) {
        driver.get(url);
        until("document.documentElement.dataset.ready === 'true'");
    }

    /// Goes to another page of the same report.
    void go(String hash) {
        run("location.hash = arguments[0]", hash);
        settle();
    }

    /// Lets the page react.
    void settle() {
        driver.executeAsyncScript("const done = arguments[0]; requestAnimationFrame(() => setTimeout(done, 60));");
    }

    /// What a script returns.
    @Nullable
    Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /// A number that an expression has.
    long count(String expression) {
        return ((Number) Objects.requireNonNull(run("return " + expression), expression)).longValue();
    }

    /// A text that an expression has.
    String text(String expression) {
        return String.valueOf(run("return " + expression));
    }

    boolean is(String expression) {
        return Boolean.TRUE.equals(run("return Boolean(" + expression + ")"));
    }

    /// Waits for what does not come at once.
    void until(String expression) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!is(expression)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("never became true: " + expression);
            }
            settle();
        }
    }

    /// Presses keys where the focus is.
    void press(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
        settle();
    }

    void escape() {
        press(Keys.ESCAPE);
    }

    void enter() {
        press(Keys.ENTER);
    }

    WebElement find(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    List<WebElement> all(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    void click(String selector) {
        find(selector).click();
        settle();
    }

    /// Moves the mouse to a place in an element, counted from its upper left corner.
    void move(WebElement element, int x, int y) {
        at(element, x, y).perform();
        settle();
    }

    /// Clicks there.
    void clickAt(WebElement element, int x, int y) {
        at(element, x, y).click().perform();
        settle();
    }

    private Actions at(WebElement element, int x, int y) {
        run("scrollTo(0, arguments[0].getBoundingClientRect().top + scrollY - 80)", element);
        settle();
        int left = place(element, "left");
        return new Actions(driver).moveToLocation(left + x, place(element, "top") + y);
    }

    private int place(WebElement element, String edge) {
        Object value = run("return Math.round(arguments[0].getBoundingClientRect()." + edge + ")", element);
        return ((Number) Objects.requireNonNull(value)).intValue();
    }

    /// A screen of another size, and whether its user likes it dark.
    void screen(int width, int height, boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
        settle();
    }

    void downloadTo(Path folder) {
        driver.executeCdpCommand(
                "Browser.setDownloadBehavior", Map.of("behavior", "allow", "downloadPath", folder.toString()));
    }

    /// What the page complained of since the last call.
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    /// What was asked for beyond reports themselves, since the last call.
    List<String> requests() {
        return driver.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
                .map(LogEntry::getMessage)
                .filter(message -> message.contains("\"Network.requestWillBeSent\""))
                .map(message -> message.replaceAll("(?s).*\"request\":\\{.*?\"url\":\"([^\"]*)\".*", "$1"))
                .filter(url -> !url.matches("file:.*/report[.]html|(data|blob):.*"))
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
