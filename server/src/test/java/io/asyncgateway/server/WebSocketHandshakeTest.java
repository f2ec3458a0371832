package io.asyncgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncgateway.api.Headers;
import io.asyncgateway.api.HttpVersion;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketHandshakeTest {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final Headers GOOD = Headers.of(
            "host", "localhost",
            "upgrade", "websocket",
            "connection", "Upgrade",
            "sec-websocket-key", KEY,
            "sec-websocket-version", "13");

    @Test
    void theSampleOfTheRfcIsAcceptedWithItsKey() {
        assertThat(valid(GOOD).accept()).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "websocket       > Upgrade",
                "WebSocket       > uPGRADE",
                "websocket       > keep-alive, Upgrade",
                "foo, websocket  > Upgrade",
                "websocket , foo > upgrade ,close"
            })
    void tokensAreFoundInListsInAnyCase(String upgrade, String connection) {
        assertThat(of(with("upgrade", upgrade, "connection", connection))).isInstanceOf(WebSocketHandshake.Valid.class);
    }

    @Test
    void tokensAreFoundInTheSecondField() {
        Headers headers = GOOD.toBuilder()
                .set("connection", "keep-alive")
                .add("connection", "Upgrade")
                .build();
        assertThat(of(headers)).isInstanceOf(WebSocketHandshake.Valid.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"upgrade", "connection"})
    void withoutItsUpgradeFieldsARequestIsOrdinary(String field) {
        assertThat(of(GOOD.toBuilder().remove(field).build())).isNull();
        assertThat(of(with(field, "websocket2"))).isNull();
        assertThat(of(with(field, "h2c"))).isNull();
    }

    @Test
    void theUpgradeOfHttp10IsIgnored() {
        assertThat(WebSocketHandshake.of(HttpVersion.HTTP_1_0, "GET", GOOD, false))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "HEAD", "get"})
    void anotherMethodIsRefused(String method) {
        assertThat(refused(WebSocketHandshake.of(HttpVersion.HTTP_1_1, method, GOOD, false))
                        .message())
                .isEqualTo("method: " + method + " (expected for a WebSocket: GET)");
    }

    @Test
    void aBodyIsRefused() {
        assertThat(refused(WebSocketHandshake.of(HttpVersion.HTTP_1_1, "GET", GOOD, true))
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"8", "7", "12", "0", "14", "13, 8", "\u00e9"})
    void anotherVersionIs426WithTheOneThatWouldDo(String version) {
        WebSocketHandshake.Refused refused = refused(of(with("sec-websocket-version", version)));
        assertThat(refused.status()).isEqualTo(426);
        assertThat(refused.headers().first("sec-websocket-version")).isEqualTo("13");
        assertThat(refused.headers().first("upgrade")).isEqualTo("websocket");
    }

    @Test
    void theMessageNamesTheVersionThatCame() {
        assertThat(refused(of(with("sec-websocket-version", "8"))).message())
                .isEqualTo("sec-websocket-version: 8 (expected: 13)");
    }

    @Test
    void aMissingOrRepeatedVersionIs400() {
        assertThat(refused(of(GOOD.toBuilder().remove("sec-websocket-version").build()))
                        .message())
                .isEqualTo("sec-websocket-version: missing (expected: 13)");
        assertThat(refused(of(GOOD.toBuilder()
                                .add("sec-websocket-version", "13")
                                .build()))
                        .message())
                .isEqualTo("sec-websocket-version: 2 fields (expected: 13)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "abc",
                "dGhlIHNhbXBsZSBub25jZQ",
                "dGhlIHNhbXBsZSBub25jZQ=",
                "dGhlIHNhbXBsZSBub25jZSE=",
                "dGhlIHNhbXBsZSBub25jZ===",
                "dGhlIHNhbXBsZSBub2 jZQ==",
                "dGhlIHNhbXBsZSBub25jZ!==",
                "AQIDBAUGBwgJCgsMDQ4P",
                "AQIDBAUGBwgJCgsMDQ4PEBE="
            })
    void aKeyThatIsNot16BytesOfBase64Is400(String key) {
        WebSocketHandshake.Refused refused = refused(of(with("sec-websocket-key", key)));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.message()).isEqualTo("sec-websocket-key: not valid (expected: 16 bytes in base64)");
    }

    @Test
    void aMissingOrRepeatedKeyIs400() {
        assertThat(refused(of(GOOD.toBuilder().remove("sec-websocket-key").build()))
                        .status())
                .isEqualTo(400);
        assertThat(refused(of(GOOD.toBuilder().add("sec-websocket-key", KEY).build()))
                        .message())
                .isEqualTo("sec-websocket-key: 2 fields (expected: 16 bytes in base64)");
    }

    @Test
    void subprotocolsKeepTheClientsOrder() {
        Headers headers = GOOD.toBuilder()
                .add("sec-websocket-protocol", "chat.v2, chat,")
                .add("sec-websocket-protocol", "x, chat")
                .build();
        assertThat(valid(headers).subprotocols()).containsExactly("chat.v2", "chat", "x");
        assertThat(valid(GOOD).subprotocols()).isEmpty();
    }

    @Test
    void moreSubprotocolsThanAnyClientSpeaksAre400() {
        String most = names(64);
        assertThat(valid(with("sec-websocket-protocol", most)).subprotocols()).hasSize(64);
        assertThat(valid(with("sec-websocket-protocol", most + ",," + most)).subprotocols())
                .hasSize(64);
        WebSocketHandshake.Refused refused = refused(of(with("sec-websocket-protocol", names(65))));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.message()).isEqualTo("sec-websocket-protocol: more than 64 names (expected: at most 64)");
    }

    @Test
    void theSubprotocolsOfAllFieldsAreCountedTogether() {
        Headers headers = with("sec-websocket-protocol", names(64)).toBuilder()
                .add("sec-websocket-protocol", "one-more")
                .build();
        assertThat(refused(of(headers)).status()).isEqualTo(400);
    }

    private static String names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "p" + i).collect(Collectors.joining(","));
    }

    @Test
    void aSubprotocolThatIsNoTokenIs400() {
        assertThat(refused(of(with("sec-websocket-protocol", "a b"))).status()).isEqualTo(400);
    }

    @Test
    void extensionsAreReadAndMalformedOnesAre400() {
        assertThat(valid(with("sec-websocket-extensions", "permessage-deflate, x"))
                        .extensions())
                .extracting(WebSocketExtension::name)
                .containsExactly("permessage-deflate", "x");
        assertThat(refused(of(with("sec-websocket-extensions", "permessage-deflate;")))
                        .status())
                .isEqualTo(400);
    }

    private static Headers with(String... namesAndValues) {
        Headers.Builder builder = GOOD.toBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            builder.set(namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder.build();
    }

    private static WebSocketHandshake of(Headers headers) {
        return WebSocketHandshake.of(HttpVersion.HTTP_1_1, "GET", headers, false);
    }

    private static WebSocketHandshake.Valid valid(Headers headers) {
        return (WebSocketHandshake.Valid) of(headers);
    }

    private static WebSocketHandshake.Refused refused(WebSocketHandshake handshake) {
        assertThat(handshake).isInstanceOf(WebSocketHandshake.Refused.class);
        return (WebSocketHandshake.Refused) handshake;
    }
}
