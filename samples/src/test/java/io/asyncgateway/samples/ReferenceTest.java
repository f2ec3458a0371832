package io.asyncgateway.samples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.HttpEvent.EarlyHints;
import io.asyncgateway.api.HttpEvent.ResponseBody;
import io.asyncgateway.api.HttpEvent.ResponseFile;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.LifespanEvent;
import io.asyncgateway.api.LifespanScope;
import io.asyncgateway.api.RequestScopeBuilder;
import io.asyncgateway.api.testing.ApplicationDriver;
import io.asyncgateway.api.testing.HttpDriver;
import io.asyncgateway.api.testing.LifespanDriver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.scheduler.VirtualTimeScheduler;

class ReferenceTest {
    private final Reference reference = new Reference();

    private HttpDriver get(String target) {
        return ApplicationDriver.get(reference, target);
    }

    private HttpDriver post(String target) {
        return request(HttpScope.builder().method("POST").target(target));
    }

    private HttpDriver request(RequestScopeBuilder.ForHttp scope) {
        return ApplicationDriver.http(reference, scope);
    }

    private static HttpDriver.Response whole(HttpDriver driver) {
        try (driver) {
            HttpDriver.Response response = driver.expectResponse();
            driver.expectEnd();
            return response;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/plaintext | text/plain; charset=utf-8 | Hello, World!",
                "/json      | application/json          | {\"message\":\"Hello, World!\"}",
                "/chunked   | text/plain; charset=utf-8 | one,two,three",
            })
    void answersWithFixedText(String target, String type, String text) {
        HttpDriver.Response response = whole(get(target));
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.headers()).isEqualTo(Headers.of("content-type", type));
        assertThat(response.text()).isEqualTo(text);
    }

    @Test
    void answersTheSameAgain() {
        assertThat(whole(get("/plaintext"))).isEqualTo(whole(get("/plaintext")));
        assertThat(whole(get("/stream"))).isEqualTo(whole(get("/stream")));
    }

    @Test
    void routesBelowTheRootPathItIsMountedAt() {
        try (HttpDriver driver =
                request(HttpScope.builder().target("/app/plaintext").rootPath("/app"))) {
            assertThat(driver.expectResponse().text()).isEqualTo("Hello, World!");
        }
    }

    @Test
    void sendsChunkedAsThreeParts() {
        try (HttpDriver driver = get("/chunked")) {
            driver.expectStart(200);
            driver.expectPart("one,");
            driver.expectPart("two,");
            driver.expectLastPart("three");
            driver.expectEnd();
        }
    }

    @Test
    void streamsAHundredPartsOfOneKibibyte() {
        try (HttpDriver driver = get("/stream")) {
            driver.expectStart(200);
            for (int i = 0; i < 100; i++) {
                assertThat(driver.expect(ResponseBody.class).body().remaining()).isEqualTo(1024);
            }
            driver.expectLastPart("");
            driver.expectEnd();
        }
    }

    @Test
    void echoesABodyOfOnePartInOnePart() {
        try (HttpDriver driver = post("/echo")) {
            driver.lastPart("hello");
            driver.expectStart(200);
            driver.expectLastPart("hello");
            driver.expectEnd();
        }
    }

    @Test
    void echoesEachPartAsItComesAndPullsTheNextOneWhenTheClientHasTakenIt() {
        try (HttpDriver driver = post("/echo")) {
            driver.part("one");
            driver.expectStart(200);
            driver.expectPart("one");
            driver.hold();
            driver.part("two");
            driver.expectPart("two");
            driver.expectNoPull();
            driver.releaseOne();
            driver.expectPull();
            driver.release();
            driver.lastPart("three");
            driver.expectLastPart("three");
            driver.expectEnd();
        }
    }

    @Test
    void echoesAnEmptyBody() {
        HttpDriver.Response response = whole(get("/echo"));
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text()).isEmpty();
    }

    @Test
    void echoesABodyOfManyPartsWithoutPilingUp() {
        try (HttpDriver driver = post("/echo")) {
            driver.expectStart(200);
            for (int i = 0; i < 20_000; i++) {
                driver.part("x");
                driver.expectPart("x");
            }
            driver.lastPart("y");
            driver.expectLastPart("y");
            driver.expectEnd();
        }
    }

    @Test
    void endsWhenTheClientLeavesInTheMiddleOfAnEcho() {
        try (HttpDriver driver = post("/echo")) {
            driver.part("one");
            driver.expectStart(200);
            driver.expectPart("one");
            driver.disconnect();
            driver.expectEnd();
        }
    }

    @Test
    void sleepsAsLongAsItIsAsked() {
        VirtualTimeScheduler.getOrSet();
        try (HttpDriver driver = get("/sleep?ms=50")) {
            driver.advanceTime(Duration.ofMillis(49));
            driver.expectNothing();
            driver.advanceTime(Duration.ofMillis(1));
            assertThat(driver.expectResponse().text()).isEqualTo("slept 50 ms\n");
            driver.expectEnd();
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    @Test
    void sendsAsManyBytesAsItIsAsked() {
        HttpDriver.Response response = whole(get("/big?n=200000"));
        assertThat(response.headers().first("content-length")).isEqualTo("200000");
        byte[] bytes = new byte[200_000];
        response.body().get(bytes);
        assertThat(bytes).startsWith("0123456789ABC".getBytes(UTF_8));
        // The pattern goes on across the border of two pieces.
        assertThat(bytes[64 * 1024]).isEqualTo(bytes[0]);
        assertThat(bytes[64 * 1024 + 5]).isEqualTo((byte) '5');
    }

    @Test
    void sendsNothingWhereNoBytesAreAsked() {
        assertThat(whole(get("/big?n=0")).body().remaining()).isZero();
    }

    @Test
    void sendsTheNextPieceWhenTheClientHasTakenTheOneBefore() {
        try (HttpDriver driver = request(HttpScope.builder().target("/big?n=100000000000"))) {
            driver.hold();
            driver.noBody();
            driver.expectStart(200);
            driver.expect(ResponseBody.class);
            driver.expectNothing();
            driver.releaseOne();
            driver.expect(ResponseBody.class);
            driver.expectNothing();
            driver.disconnect();
            driver.expectEnd();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/big,                   n: missing (expected: 0-100000000000)",
        "/big?m=1,               n: missing (expected: 0-100000000000)",
        "/big?n=,                n:  (expected: 0-100000000000)",
        "/big?n=-1,              n: -1 (expected: 0-100000000000)",
        "/big?n=1e3,             n: 1e3 (expected: 0-100000000000)",
        "/big?n=100000000001,    n: 100000000001 (expected: 0-100000000000)",
        "/big?n=99999999999999999999999, n: 99999999999999999999999 (expected: 0-100000000000)",
        "/sleep?ms=60001,        ms: 60001 (expected: 0-60000)",
        "/sleep?x=1&ms=soon,     ms: soon (expected: 0-60000)",
        "/file?n=1073741825,     n: 1073741825 (expected: 0-1073741824)",
    })
    void refusesABadNumberAndSaysWhatItExpects(String target, String message) {
        HttpDriver.Response response = whole(get(target));
        assertThat(response.status()).isEqualTo(400);
        assertThat(response.text()).isEqualTo(message + "\n");
    }

    @Test
    void showsOnlyTheBeginningOfALongBadNumber() {
        HttpDriver.Response response = whole(get("/big?n=" + "x".repeat(5000)));
        assertThat(response.text()).isEqualTo("n: " + "x".repeat(40) + "... (expected: 0-100000000000)\n");
    }

    @Test
    void answersWithoutContent() {
        HttpDriver.Response response = whole(get("/204"));
        assertThat(response.status()).isEqualTo(204);
        assertThat(response.body().remaining()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\"reference\"", "W/\"reference\"", "\"a\", \"reference\"", "\"a\",W/\"reference\"", "*"})
    void answersNotModifiedWhereTheClientHasTheTag(String condition) {
        RequestScopeBuilder.ForHttp scope = HttpScope.builder().target("/304");
        HttpDriver driver = request(condition.isEmpty() ? scope : scope.header("if-none-match", condition));
        HttpDriver.Response response = whole(driver);
        assertThat(response.status()).isEqualTo(304);
        assertThat(response.headers()).isEqualTo(Headers.of("etag", "\"reference\""));
        assertThat(response.body().remaining()).isZero();
    }

    @Test
    void answersWithABodyWhereTheClientHasAnotherTag() {
        HttpDriver.Response response =
                whole(request(HttpScope.builder().target("/304").header("if-none-match", "\"other\"")));
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.headers().first("etag")).isEqualTo("\"reference\"");
        assertThat(response.text()).isEqualTo("modified\n");
    }

    @Test
    void answersNobodyWithoutReadingTheBody() {
        try (HttpDriver driver = post("/nobody")) {
            assertThat(driver.expectResponse().text()).isEqualTo("nobody\n");
            driver.expectNoPull();
            driver.expectEnd();
        }
    }

    @Test
    void givesHintsBeforeTheResponse() {
        try (HttpDriver driver = get("/hints")) {
            EarlyHints hints = driver.expect(EarlyHints.class);
            assertThat(hints.headers().first("link")).isEqualTo("</style.css>; rel=preload; as=style");
            assertThat(driver.expectResponse().status()).isEqualTo(200);
            driver.expectEnd();
        }
    }

    @Test
    void sendsTheTrailersOfTheRequestBackButNoneThatMayNotStandThere() {
        try (HttpDriver driver = post("/trailers")) {
            driver.part("one");
            driver.give(new HttpEvent.Request(
                    ByteBuffer.allocate(0), false, Headers.of("x-sum", "1", "content-length", "5", "x-sum", "2")));
            HttpDriver.Response response = driver.expectResponse();
            assertThat(response.trailers()).isEqualTo(Headers.of("x-sum", "1", "x-sum", "2"));
            driver.expectEnd();
        }
    }

    @Test
    void probesWhatTheServerMadeOfTheRequest() {
        RequestScopeBuilder.ForHttp scope = HttpScope.builder()
                .method("PUT")
                .target("/a%20b?c=d")
                .header("Host", "localhost")
                .header("X-Name", "caf\u00e9");
        try (HttpDriver driver = request(scope)) {
            driver.part("hel");
            driver.lastPart("lo");
            HttpDriver.Response response = driver.expectResponse();
            assertThat(response.headers().first("content-type")).isEqualTo("text/plain; charset=iso-8859-1");
            assertThat(latin1(response))
                    .isEqualTo("probe method=PUT uri=/a%20b?c=d version=HTTP/1.1 len=5 body=aGVsbG8=\n"
                            + "h host=localhost\nh x-name=caf\u00e9\n");
            driver.expectEnd();
        }
    }

    @Test
    void probeCountsALongBodyAndShowsItsBeginning() {
        try (HttpDriver driver = post("/x")) {
            driver.part("a".repeat(90));
            driver.part("b".repeat(90));
            driver.lastPart("c");
            String shown = Base64.getEncoder().encodeToString(("a".repeat(90) + "bbbbbb").getBytes(UTF_8));
            assertThat(latin1(driver.expectResponse())).contains(" len=181 body=" + shown + "\n");
            driver.expectEnd();
        }
    }

    @Test
    void refusesTraceWithoutShowingCredentials() {
        try (HttpDriver driver =
                request(HttpScope.builder().method("TRACE").target("/x").header("authorization", "Basic c2VjcmV0"))) {
            driver.noBody();
            HttpDriver.Response response = driver.expectResponse();
            assertThat(response.status()).isEqualTo(405);
            assertThat(response.headers().first("allow")).contains("GET").doesNotContain("TRACE");
            assertThat(response.text()).doesNotContain("c2VjcmV0");
        }
    }

    @Test
    void sendsAFileThatItsLifespanMakesAndRemoves() throws IOException {
        Path file;
        try (LifespanDriver life = ApplicationDriver.lifespan(reference, LifespanScope.of(Map.of()))) {
            life.startup();
            life.expect(LifespanEvent.StartupComplete.class);
            try (HttpDriver driver =
                    request(HttpScope.builder().target("/file?n=100").state(life.requestState()))) {
                assertThat(driver.expectStart(200).headers().first("content-length"))
                        .isEqualTo("100");
                ResponseFile part = driver.expect(ResponseFile.class);
                assertThat(part).isEqualTo(new ResponseFile(part.file(), 0, 100, false));
                driver.expectEnd();
                file = part.file();
            }
            assertThat(Files.size(file)).isEqualTo(1L << 30);
            try (InputStream in = Files.newInputStream(file)) {
                assertThat(new String(in.readNBytes(10), UTF_8)).isEqualTo("0123456789");
            }
            life.shutdown();
            life.expect(LifespanEvent.ShutdownComplete.class);
            life.expectEnd();
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void hasNoFileWithoutALifespan() {
        HttpDriver.Response response = whole(get("/file?n=1"));
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.text()).contains("lifespan");
    }

    private static String latin1(HttpDriver.Response response) {
        return ISO_8859_1.decode(response.body()).toString();
    }
}
