package io.asyncgateway.server;

import io.netty.util.concurrent.FastThreadLocal;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * permessage-deflate (RFC 7692) of one server: agrees on its parameters, and bounds the memory that all connections together spend on it.
 *
 * <p>A connection with context takeover keeps a compressor and a decompressor of its own, about 300 KiB of native memory, from its first
 * compressed message to its end. {@link WebSocketOptions#compressionContexts()} connections may do so at once. All others agree on no context
 * takeover and borrow from the pool of their event loop while a message lasts.
 *
 * <p>The window of the JDK's compressor has always 15 bits. A smaller one is honoured by beginning anew within messages
 * ({@link PerMessageDeflateWriter}), for which no context between messages is kept.
 *
 * <p>Shared by all event loops of the server.
 */
final class PerMessageDeflate {
    private final AtomicInteger freeContexts;
    private final FastThreadLocal<PerMessageDeflatePool> pools;

    PerMessageDeflate(WebSocketOptions options) {
        this(options, () -> new Inflater(true), () -> new Deflater(options.compressionLevel(), true));
    }

    /** For tests, which count what is made and ended. */
    PerMessageDeflate(WebSocketOptions options, Supplier<Inflater> inflaters, Supplier<Deflater> deflaters) {
        freeContexts = new AtomicInteger(options.compressionContexts());
        pools = new FastThreadLocal<>() {
            @Override
            protected PerMessageDeflatePool initialValue() {
                return new PerMessageDeflatePool(inflaters, deflaters);
            }

            @Override
            protected void onRemoval(PerMessageDeflatePool pool) {
                pool.close();
            }
        };
    }

    /**
     * Agrees on the first offer that is acceptable. To be called on the event loop of the connection.
     *
     * @return what the connection needs, to be closed with it; {@code null} where no offer is acceptable
     */
    @Nullable
    PerMessageDeflateSession agree(List<WebSocketExtension> offers) {
        for (WebSocketExtension offer : offers) {
            PerMessageDeflateParameters offered = PerMessageDeflateParameters.ofOffer(offer);
            if (offered != null) {
                return session(offered);
            }
        }
        return null;
    }

    private PerMessageDeflateSession session(PerMessageDeflateParameters offered) {
        PerMessageDeflateParameters agreed = offered;
        if (agreed.serverWindow() < 1 << PerMessageDeflateParameters.MAX_WINDOW_BITS) {
            agreed = agreed.withServerNoContextTakeover();
        }
        boolean keepsContext = !agreed.serverNoContextTakeover() || !agreed.clientNoContextTakeover();
        if (keepsContext && !takeContext()) {
            agreed = agreed.withoutContextTakeover();
            keepsContext = false;
        }
        return new PerMessageDeflateSession(agreed, pools.get(), keepsContext ? this::returnContext : () -> {});
    }

    /** How many more connections may keep their context. */
    int freeContexts() {
        return freeContexts.get();
    }

    /** Ends what the pool of the calling thread holds; done by itself where an event loop's thread ends. */
    void releasePool() {
        pools.remove();
    }

    private boolean takeContext() {
        int free;
        do {
            free = freeContexts.get();
            if (free == 0) {
                return false;
            }
        } while (!freeContexts.compareAndSet(free, free - 1));
        return true;
    }

    private void returnContext() {
        freeContexts.incrementAndGet();
    }
}
