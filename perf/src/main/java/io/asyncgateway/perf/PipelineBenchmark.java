package io.asyncgateway.perf;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asyncgateway.samples.Reference;
import io.asyncgateway.server.EmbeddedServer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One read of a socket and the write that answers it, without the socket: what a server does in user mode. {@code pipelined} is sixteen
 * requests.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class PipelineBenchmark {
    /** Which server. */
    @Param({"rawNetty", "gateway"})
    String server = "";

    /** What is read. */
    @Param({"plaintext", "headers", "pipelined", "echo", "stream", "json"})
    String scenario = "";

    private @Nullable EmbeddedChannel channel;
    private ByteBuf octets = Unpooled.EMPTY_BUFFER;

    /** Opens the connection and tries it. */
    @Setup
    public void open() {
        octets = Unpooled.directBuffer().writeBytes(request(Scenario.of(scenario)));
        EmbeddedChannel opened = server.equals("gateway") ? EmbeddedServer.connection(new Reference()) : rawNetty();
        channel = opened;
        long answered = exchange();
        if (answered < 100 || exchange() != answered) {
            throw new IllegalStateException(server + " answers " + scenario + " with " + answered + " octets");
        }
    }

    private static EmbeddedChannel rawNetty() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast(new HttpServerCodec(), new RawHttpHandler(new HttpDate(channel.eventLoop())));
        return channel;
    }

    private static byte[] request(Scenario scenario) {
        boolean echo = scenario == Scenario.ECHO;
        String body = echo ? "x".repeat(1024) : "";
        StringBuilder request = new StringBuilder(echo ? "POST " : "GET ").append(scenario.path());
        request.append(" HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n");
        List<String> fields = scenario.fields();
        fields.forEach(field -> request.append(field).append("\r\n"));
        if (echo) {
            request.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        request.append("\r\n").append(body);
        return request.toString()
                .repeat(scenario == Scenario.PIPELINED ? 16 : 1)
                .getBytes(US_ASCII);
    }

    /**
     * One read and its answer.
     *
     * @return the octets of the answer
     */
    @Benchmark
    public long exchange() {
        EmbeddedChannel connection = Objects.requireNonNull(channel);
        connection.writeInbound(octets.retainedDuplicate());
        long answered = 0;
        for (ByteBuf written = connection.readOutbound(); written != null; written = connection.readOutbound()) {
            answered += written.readableBytes();
            written.release();
        }
        return answered;
    }

    /** Closes the connection. */
    @TearDown
    public void close() {
        Objects.requireNonNull(channel).finishAndReleaseAll();
    }
}
