package io.asyncgateway.api.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncgateway.api.Headers;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client sees what a server sends, and above all whether it was whole. */
class RawHttp1ClientTest {
    private ServerSocket listening;
    private RawHttp1Client client;
    private Socket server;

    @BeforeEach
    void listen() throws IOException {
        listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        client = new RawHttp1Client(listening.getLocalSocketAddress());
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        listening.close();
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a length              | HTTP/1.1 200 OK~Content-Length: 4~~body                           | body | true",
                "a length, cut short   | HTTP/1.1 200 OK~Content-Length: 4~~bo                             | bo   | false",
                "chunks                | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2~bo~2~dy~0~~         | body | true",
                "chunks, no last one   | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2~bo~2~dy~            | body | false",
                "a chunk, cut short    | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~4~bo                  | bo   | false",
                "trailers, cut short   | HTTP/1.1 200 OK~Transfer-Encoding: chunked~~4~body~0~x-sum: 1~    | body | false",
                "until the end         | HTTP/1.1 200 OK~~body                                             | body | true",
                "no content            | HTTP/1.1 204 No Content~~                                         | ''   | true",
            })
    void aResponseIsWholeOrNot(String name, String sent, String body, boolean complete) throws IOException {
        ConformanceClient.Exchange exchange = exchange(ConformanceClient.Request.get("/"));
        send(sent);
        server.close();
        ConformanceClient.Response response = exchange.awaitResponse();
        assertThat(response.text()).isEqualTo(body);
        assertThat(response.complete()).isEqualTo(complete);
    }

    @Test
    void aBodyThatEndsWithAResetIsNotWhole() throws IOException {
        ConformanceClient.Exchange exchange = exchange(ConformanceClient.Request.get("/"));
        send("HTTP/1.1 200 OK~~body");
        assertThat(exchange.read(new byte[4])).isEqualTo(4);
        server.setSoLinger(true, 0);
        server.close();
        assertThat(exchange.awaitResponse().complete()).isFalse();
    }

    @Test
    void aResponseThatNeverBeganIsAnError() throws IOException {
        ConformanceClient.Exchange exchange = exchange(ConformanceClient.Request.get("/"));
        server.close();
        assertThatThrownBy(exchange::awaitResponse).isInstanceOf(EOFException.class);
    }

    @Test
    void interimResponsesFieldsAndTrailersAreKeptAsTheyCame() throws IOException {
        ConformanceClient.Exchange exchange = exchange(ConformanceClient.Request.get("/"));
        send("HTTP/1.1 103 Early Hints~Link: </a>~~HTTP/1.1 200 OK~X-B: 1~x-a: caf\u00e9~X-B: 2~"
                + "Transfer-Encoding: chunked~~4~body~0~X-Sum: 3~~");
        ConformanceClient.Response response = exchange.awaitResponse();
        assertThat(response.interim()).containsExactly(new ConformanceClient.Head(103, Headers.of("link", "</a>")));
        assertThat(response.headers().all("x-b")).containsExactly("1", "2");
        assertThat(response.headers().first("x-a")).isEqualTo("caf\u00e9");
        assertThat(response.trailers()).isEqualTo(Headers.of("x-sum", "3"));
    }

    @Test
    void silenceIsNeitherOctetsNorAnEnd() throws IOException {
        ConformanceClient.Exchange exchange = exchange(ConformanceClient.Request.get("/"));
        assertThat(exchange.silent(Duration.ofMillis(50))).isTrue();
        send("HTTP/1.1 200 OK~Content-Length: 0~~");
        assertThat(exchange.silent(ConformanceClient.PATIENCE)).isFalse();
        assertThat(exchange.awaitResponse().complete()).isTrue();
        server.close();
        assertThat(exchange.silent(ConformanceClient.PATIENCE)).isFalse();
    }

    @Test
    void aRequestIsFramedAndKeepsItsFields() throws IOException {
        ConformanceClient.Exchange exchange =
                exchange(ConformanceClient.Request.post("/a?b").with("X-Mixed", "caf\u00e9"));
        exchange.write("body");
        exchange.finish(Headers.of("x-sum", "1"));
        exchange.halfClose();
        assertThat(readAll(server.getInputStream()))
                .isEqualTo("POST /a?b HTTP/1.1~Host: conformance.example~X-Mixed: caf\u00e9~"
                        + "Transfer-Encoding: chunked~~4~body~0~x-sum: 1~~");
    }

    @Test
    void anAbortIsAReset() throws IOException {
        ConformanceClient.Exchange exchange = exchange(ConformanceClient.Request.get("/"));
        exchange.abort();
        assertThatThrownBy(() -> readAll(server.getInputStream())).isInstanceOf(IOException.class);
    }

    private ConformanceClient.Exchange exchange(ConformanceClient.Request request) throws IOException {
        ConformanceClient.Exchange exchange = client.open(request);
        server = listening.accept();
        return exchange;
    }

    /** Lines end in {@code ~}. */
    private void send(String text) throws IOException {
        server.getOutputStream().write(text.replace("~", "\r\n").getBytes(ISO_8859_1));
    }

    private static String readAll(InputStream in) throws IOException {
        return new String(in.readAllBytes(), ISO_8859_1).replace("\r\n", "~");
    }
}
