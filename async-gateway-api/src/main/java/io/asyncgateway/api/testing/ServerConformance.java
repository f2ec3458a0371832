package io.asyncgateway.api.testing;

import io.asyncgateway.api.Application;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The contract between a server and an application as executable rules. A server passes them by extending this class, once for each of
 * its protocols:
 *
 * <pre>{@code
 * class MyServerConformanceTest extends ServerConformance {
 *     @Override
 *     protected ServerUnderTest start(Application application, ConformanceSettings settings) {
 *         MyServer server = MyServer.start(application, settings.disconnectGrace(), ...);
 *         return new ServerUnderTest() { ... };
 *     }
 * }
 * }</pre>
 *
 * <p>Each rule is a test whose name says it. It starts a server of its own and plays both sides of it, step by step: the peer, through a
 * {@link ConformanceClient}, and the application. Malformed input, and what the RFCs ask of a protocol beyond the contract, are no part
 * of it.
 *
 * <p>Another protocol or transport overrides {@link #client} and, where it lacks something, {@link #capabilities}.
 */
@ExtendWith(BenchExtension.class)
@Timeout(60)
public abstract class ServerConformance
        implements ResponseOrderRules,
                FramingRules,
                SendRules,
                ReceiveRules,
                BackpressureRules,
                BufferRules,
                DisconnectRules,
                DeadlineRules,
                DrainingRules,
                FailureRules,
                HeaderRules,
                ScopeRules,
                WebSocketHandshakeRules,
                WebSocketMessageRules,
                WebSocketClosingRules,
                LifespanRules {
    /** For subclasses. */
    protected ServerConformance() {}

    /**
     * Starts a server on a free port of the loopback interface, and waits until it serves.
     *
     * @param application what to serve
     * @param settings how
     * @return the running server; the rule closes it
     * @throws Exception if the start fails. Where the application's start-up has failed, the message of its failure is in the message of
     *     the exception or of one of its causes
     */
    protected abstract ServerUnderTest start(Application application, ConformanceSettings settings) throws Exception;

    /**
     * A client of the server.
     *
     * @param server what {@link #start} returned
     * @return a client that opens a connection of its own; by default one of HTTP/1.1 over TCP. The rule closes it
     */
    protected ConformanceClient client(ServerUnderTest server) {
        return new RawHttp1Client(server.address());
    }

    /**
     * What the protocol, the client and the server can do.
     *
     * @return by default everything
     */
    protected Set<ConformanceCapability> capabilities() {
        return EnumSet.allOf(ConformanceCapability.class);
    }

    /**
     * How many bytes may be underway in one direction beyond {@link ConformanceSettings#window()}: what the kernel keeps on both sides of a
     * connection, and what else lies between. The rules of backpressure send a multiple of it.
     *
     * @return the number of bytes; 16 MiB by default, which is more than Linux gives a socket that nobody reads
     */
    protected long tolerance() {
        return 16 << 20;
    }
}
