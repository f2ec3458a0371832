package io.asyncgateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.HttpEvent.ResponseFile;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventsTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 99, 100, 103, 199, 600, 1000, -1})
    void aResponseRefusesAStatusThatIsNotFinal(int status) {
        assertThatThrownBy(() -> new HttpEvent.ResponseStart(status))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("status: " + status + " (expected: 200-599)");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 299, 404, 599})
    void aResponseTakesEveryFinalStatus(int status) {
        assertThat(new HttpEvent.ResponseStart(status).status()).isEqualTo(status);
    }

    @Test
    void bodiesAreReadOnly() {
        ByteBuffer buffer = ByteBuffer.allocate(4);

        for (ByteBuffer body : List.of(
                new HttpEvent.Request(buffer, true).body(),
                HttpEvent.ResponseBody.more(buffer).body(),
                HttpEvent.ResponseBody.last(buffer).body(),
                WebSocketMessage.binary(buffer).data())) {
            assertThatThrownBy(() -> body.put(0, (byte) 1)).isInstanceOf(ReadOnlyBufferException.class);
        }
    }

    @Test
    void aPartOfTheBodyIsSharedNotCopied() {
        ByteBuffer buffer = ByteBuffer.allocate(1);
        HttpEvent.ResponseBody part = HttpEvent.ResponseBody.last(buffer);
        buffer.put(0, (byte) 7);

        assertThat(part.body().get(0)).isEqualTo((byte) 7);
    }

    @Test
    void eventsWithTheSameContentAreEqual() {
        assertThat(HttpEvent.ResponseBody.last("ä"))
                .isEqualTo(HttpEvent.ResponseBody.last(UTF_8.encode("ä")))
                .isNotEqualTo(HttpEvent.ResponseBody.more(UTF_8.encode("ä")));
        assertThat(WebSocketEvent.Send.text("a")).isEqualTo(WebSocketEvent.Send.text("a"));
        assertThat(WebSocketEvent.Send.text("a")).isNotEqualTo(WebSocketEvent.Send.binary(UTF_8.encode("a")));
    }

    @Test
    void aRequestWithoutABodyHasOneEmptyLastPart() {
        assertThat(HttpEvent.Request.empty().more()).isFalse();
        assertThat(HttpEvent.Request.empty().body().hasRemaining()).isFalse();
        assertThat(HttpEvent.Request.empty().trailers().isEmpty()).isTrue();
    }

    @Test
    void aFileRefusesARangeThatIsNone() {
        Path file = Path.of("x");

        assertThatThrownBy(() -> new ResponseFile(file, -1, 0, false)).hasMessage("offset: -1 (expected: >= 0)");
        assertThatThrownBy(() -> new ResponseFile(file, 0, -2, false))
                .hasMessage("length: -2 (expected: >= 0, or TO_END)");
        assertThat(ResponseFile.last(file)).isEqualTo(new ResponseFile(file, 0, ResponseFile.TO_END, false));
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1002, 1003, 1007, 1011, 1012, 1014, 3000, 4999})
    void aCloseTakesEveryCodeThatMayBeSent(int code) {
        assertThatCode(() -> new WebSocketEvent.Close(code)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, -1})
    void aCloseRefusesACodeThatMustNotBeSent(int code) {
        assertThatThrownBy(() -> new WebSocketEvent.Close(code))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("code: " + code);
    }

    @Test
    void aCloseCountsItsReasonInBytes() {
        assertThatCode(() -> new WebSocketEvent.Close(1000, "a".repeat(123))).doesNotThrowAnyException();
        assertThatCode(() -> new WebSocketEvent.Close(1000, "ä".repeat(61))).doesNotThrowAnyException();
        assertThatThrownBy(() -> new WebSocketEvent.Close(1000, "ä".repeat(62)))
                .hasMessage("reason: 124 bytes of UTF-8 (expected: at most 123)");
    }

    @Test
    void anAcceptLeavesTheLimitsToTheServerUnlessTold() {
        WebSocketEvent.Accept accept = new WebSocketEvent.Accept();

        assertThat(accept.subprotocol()).isNull();
        assertThat(accept.headers().isEmpty()).isTrue();
        assertThat(accept.maxMessageSize()).isEqualTo(WebSocketEvent.Accept.SERVER_LIMIT);
        assertThat(accept.compression()).isTrue();
        assertThat(accept.withSubprotocol("chat")
                        .withHeaders(Headers.of("a", "1"))
                        .withMaxMessageSize(10)
                        .withoutCompression())
                .isEqualTo(new WebSocketEvent.Accept("chat", Headers.of("a", "1"), 10, false));
        assertThatThrownBy(() -> accept.withMaxMessageSize(0)).hasMessage("maxMessageSize: 0 (expected: >= 1)");
    }

    @Test
    void aTextMessageIsTheSameFromTextAndFromBytes() {
        WebSocketMessage.Text text = WebSocketMessage.text("grün");
        WebSocketMessage.Text utf8 = WebSocketMessage.utf8(UTF_8.encode("grün"));

        assertThat(text).isEqualTo(utf8).hasSameHashCodeAs(utf8);
        assertThat(utf8.text()).isEqualTo("grün");
        assertThat(text.payload()).isEqualTo(UTF_8.encode("grün"));
    }

    @Test
    void eachReaderOfAMessageHasItsOwnPosition() {
        for (WebSocketMessage message :
                List.of(WebSocketMessage.text("abc"), WebSocketMessage.binary(UTF_8.encode("abc")))) {
            message.payload().get();

            assertThat(message.payload().remaining()).isEqualTo(3);
            assertThat(message.payload().isReadOnly()).isTrue();
        }
    }

    @Test
    void anUnpairedSurrogateBecomesAQuestionMark() {
        assertThat(WebSocketMessage.text("a\ud800b").payload()).isEqualTo(UTF_8.encode("a?b"));
    }

    @Test
    void theTextOfAMessageDoesNotShowItsContent() {
        assertThat(WebSocketMessage.text("secret").toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(ints = {399, 600, 200, 0})
    void aRefusalHasAStatusOfARefusal(int status) {
        assertThatThrownBy(() -> new RequestException(status, "x")).hasMessageContaining("expected: 400-599");
    }

    @Test
    void aRefusalCarriesFields() {
        assertThat(new RequestException(503, Headers.of("Retry-After", "5"), "x").headers())
                .isEqualTo(Headers.of("retry-after", "5"));
        assertThat(new RequestException(400, "x").headers()).isEmpty();
    }

    @Test
    void aFailureThatIsNobodysBugHasNoStackTrace() {
        for (GatewayException failure : List.of(
                new DisconnectedException(),
                new DeadlineExceededException(),
                new ExchangeEndedException(),
                new RequestException(400, "x"))) {
            assertThat(failure.getStackTrace()).isEmpty();
        }
        assertThat(new ProtocolViolationException("x").getStackTrace()).isNotEmpty();
    }
}
