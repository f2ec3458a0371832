package io.asyncgateway.server;

import io.asyncgateway.api.HttpEvent;
import io.asyncgateway.api.HttpVersion;
import io.netty.buffer.ByteBuf;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams of one HTTP/2 connection, and what each frame means to them (RFC 9113 sections 5 and 6). A stream that is no longer here is closed, and {@link Http2StreamNumbers} knows
 * how. Confined to its event loop.
 *
 * <pre>
 *   frame           idle               open                half-closed (remote)   closed             reset here
 *   HEADERS         opens              trailers            STREAM_CLOSED          *STREAM_CLOSED     ignored
 *   DATA            *PROTOCOL_ERROR    data                STREAM_CLOSED          *STREAM_CLOSED     ignored
 *   RST_STREAM      *PROTOCOL_ERROR    disconnect          disconnect             ignored            ignored
 *   WINDOW_UPDATE   *PROTOCOL_ERROR    opens the window    opens the window       ignored            ignored
 *   PRIORITY        ignored            ignored             ignored                ignored            ignored
 *   * of the connection
 * </pre>
 */
final class Http2Streams implements Http2FrameDecoder.Frames {
    /** What the connection is told. */
    interface Owner {
        void opened();

        /** The last stream has ended. */
        void emptied();

        void pingAnswered(long opaque);

        /** The peer opens no more streams. */
        void peerLeaves();

        /** The connection is to end when its streams have. */
        void drain();
    }

    private static final Logger LOG = LoggerFactory.getLogger(Http2Streams.class);

    private static final String LARGER_WINDOW = "a window of more than 2^31-1";

    final ServerContext context;
    final Addresses addresses;
    final Http2Output output;

    private final Owner owner;
    private final Http2Options options;
    private final Http2FloodGuard guard;
    private final HpackDecoder hpack = new HpackDecoder();
    private final RequestSectionParser parser;
    private final FieldSection section;
    private final Http2Settings peer = new Http2Settings();

    private final IntObjectMap<Http2Stream> open = new IntObjectHashMap<>();
    private final Http2StreamNumbers numbers = new Http2StreamNumbers();

    private int window;
    private int streamWindow = Http2Settings.DEFAULT_WINDOW;
    private boolean acknowledged;
    private @Nullable Http2Stream receiving;

    Http2Streams(
            ServerContext context,
            Owner owner,
            Addresses addresses,
            Http2Output output,
            Http2FloodGuard guard,
            FieldSection section) {
        this.context = context;
        this.owner = owner;
        this.addresses = addresses;
        this.output = output;
        this.guard = guard;
        this.section = section;
        this.options = context.config.http2();
        this.parser = new RequestSectionParser(HttpVersion.HTTP_2, context.config.limits(), true);
        this.window = options.connectionWindow();
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /** The highest stream that was taken. */
    int last() {
        return numbers.lastTaken();
    }

    /** Streams that the peer opens from now on are ignored: it was told, and may ask for the same elsewhere. */
    void takeNoMore() {
        numbers.takeNoMore();
    }

    /** The connection is to end when its streams have. */
    void drain() {
        owner.drain();
    }

    /** Those that are open now, whatever becomes of them meanwhile. */
    private List<Http2Stream> all() {
        return new ArrayList<>(open.values());
    }

    // ------------------------------------------------------------------------------------------------ requests

    @Override
    public void headers(int streamId, byte[] block, int length, boolean endStream, int dependency) throws Http2Failure {
        section.clear();
        hpack.decode(block, 0, length, section);
        Http2Stream stream = open.get(streamId);
        if (stream != null) {
            checkDependency(streamId, dependency);
            trailers(stream, endStream);
        } else if ((streamId & 1) == 0) {
            throw Http2Failure.ofConnection(Http2Error.PROTOCOL_ERROR, "a stream with an even number");
        } else if (numbers.isIdle(streamId)) {
            if (numbers.open(streamId)) {
                request(streamId, endStream, dependency);
            } else {
                guard.count(Http2FloodGuard.Kind.RESET); // ignored, but as much work as one that is reset
            }
        } else if (numbers.isIgnored(streamId)) {
            guard.count(Http2FloodGuard.Kind.EMPTY);
        } else {
            // RFC 9113 section 5.1.1 knows another error for a stream that was left out than for one that was there.
            Http2Error error = numbers.wasLeftOut(streamId) ? Http2Error.PROTOCOL_ERROR : Http2Error.STREAM_CLOSED;
            throw Http2Failure.ofConnection(error, "HEADERS on a closed stream");
        }
    }

    private void request(int streamId, boolean endStream, int dependency) throws Http2Failure {
        guard.requested();
        checkDependency(streamId, dependency);
        if (open.size() >= options.maxConcurrentStreams()) {
            throw Http2Failure.ofStream(streamId, Http2Error.REFUSED_STREAM, "too many streams");
        }
        try {
            open(streamId, parser.parse(section, endStream), endStream);
        } catch (MalformedMessage malformed) {
            throw malformed(streamId, malformed);
        } catch (HttpFailure failure) {
            refuse(streamId, failure, endStream);
        }
    }

    /** A request that came by {@code Upgrade}. */
    void open(int streamId, RequestHead head) {
        numbers.open(streamId);
        open(streamId, head, true);
    }

    private void open(int streamId, RequestHead head, boolean ended) {
        Http2Stream stream = new Http2Stream(
                this, streamId, ended, head.hasBody() ? parser.contentLength() : 0, peer.initialWindow(), streamWindow);
        if (open.isEmpty()) {
            owner.opened();
        }
        open.put(streamId, stream);
        stream.begin(head);
    }

    private void trailers(Http2Stream stream, boolean endStream) throws Http2Failure {
        stream.input.checkOpen();
        if (!endStream || stream.isWebSocket()) {
            throw Http2Failure.ofStream(stream.id(), Http2Error.PROTOCOL_ERROR, "trailers that are not the end");
        }
        try {
            stream.input.ended(parser.trailers(section));
        } catch (MalformedMessage malformed) {
            throw malformed(stream.id(), malformed);
        } catch (HttpFailure failure) {
            stream.input.endedBroken(failure);
        }
    }

    private static Http2Failure malformed(int streamId, MalformedMessage malformed) {
        return Http2Failure.ofStream(streamId, Http2Error.PROTOCOL_ERROR, String.valueOf(malformed.getMessage()));
    }

    private static void checkDependency(int streamId, int dependency) throws Http2Failure {
        if (dependency == streamId) {
            throw Http2Failure.ofStream(streamId, Http2Error.PROTOCOL_ERROR, "a stream that depends on itself");
        }
    }

    /** Answers in the server's own name a request that reaches no application; without a body, for it may be to HEAD. */
    private void refuse(int streamId, HttpFailure failure, boolean ended) throws Http2Failure {
        LOG.debug("request refused with {}: {}", failure.status(), failure.getMessage());
        HttpEvent.ResponseStart start = PlainResponse.of(failure.status()).start();
        output.heads().response(start.status(), start.headers(), 0);
        output.headers(streamId, true);
        if (!ended) {
            resetHere(streamId, Http2Error.NO_ERROR);
        }
        guard.count(Http2FloodGuard.Kind.RESET);
    }

    // ------------------------------------------------------------------------------------------------ bodies

    @Override
    public boolean dataBegins(int streamId, int flowControlled, int size, boolean endStream) throws Http2Failure {
        receive(flowControlled);
        if (size == 0 && !endStream) {
            guard.count(Http2FloodGuard.Kind.EMPTY);
        }
        Http2Stream stream = open.get(streamId);
        receiving = stream;
        if (stream != null) {
            return stream.input.dataBegins(flowControlled, size, endStream);
        }
        checkNotIdle(streamId);
        if (!numbers.isIgnored(streamId)) {
            throw Http2Failure.ofConnection(Http2Error.STREAM_CLOSED, "DATA on a closed stream");
        }
        return false;
    }

    /** What has come counts on its stream alone from now on, so that one that nobody reads does not hold back the others. */
    private void receive(int octets) throws Http2Failure {
        window -= octets;
        if (window < 0) {
            throw Http2Failure.ofConnection(Http2Error.FLOW_CONTROL_ERROR, "more than the connection's window");
        }
        int whole = options.connectionWindow();
        if (window <= whole / 2) {
            output.windowUpdate(0, whole - window);
            window = whole;
        }
    }

    @Override
    public void data(int streamId, ByteBuf octets, int length, boolean end) throws Http2Failure {
        Http2Stream stream = receiving;
        if (stream != null) {
            stream.input.data(octets, length, end);
        }
    }

    /** What the server itself has given its peers room for is a window that is opened anew when so much of it was taken. */
    int streamWindow() {
        return streamWindow;
    }

    // ------------------------------------------------------------------------------------------------ the end

    private void checkNotIdle(int streamId) throws Http2Failure {
        if (numbers.isIdle(streamId)) {
            throw Http2Failure.ofConnection(Http2Error.PROTOCOL_ERROR, "a frame on an idle stream");
        }
    }

    private void resetHere(int streamId, Http2Error error) {
        output.reset(streamId, error);
        numbers.reset(streamId);
    }

    @Override
    public void reset(int streamId) throws Http2Failure {
        checkNotIdle(streamId);
        Http2Stream stream = open.get(streamId);
        if (stream == null || !stream.input.isResponded()) { // else no work was for nothing
            guard.count(Http2FloodGuard.Kind.RESET);
        }
        if (stream != null) {
            remove(stream);
            stream.peerGone();
        }
    }

    /** The peer broke a rule on one stream. */
    void fail(Http2Failure failure) throws Http2Failure {
        Http2Stream stream = open.get(failure.streamId());
        if (stream == null && numbers.isIdle(failure.streamId())) {
            throw Http2Failure.ofConnection(failure.error(), String.valueOf(failure.getMessage()));
        }
        LOG.debug("stream {} reset with {}: {}", failure.streamId(), failure.error(), failure.getMessage());
        if (stream != null) {
            resetHere(failure.streamId(), failure.error());
            remove(stream);
            stream.peerGone();
        } else if (!numbers.isIgnored(failure.streamId())) {
            resetHere(failure.streamId(), failure.error()); // once is enough (RFC 9113 section 5.4.2)
        }
        guard.count(Http2FloodGuard.Kind.RESET);
    }

    /** The server gives a stream up. */
    void reset(Http2Stream stream, Http2Error error) {
        if (open.get(stream.id()) == stream) {
            resetHere(stream.id(), error);
            remove(stream);
            output.octets().flushIfIdle();
        }
    }

    /** Tells the WebSockets of what the server does. */
    void tell(ServerEvent event) {
        all().forEach(stream -> stream.tell(event));
    }

    /** The connection is over, and so is every stream of it. */
    void peerGone() {
        for (Http2Stream stream : all()) {
            remove(stream);
            stream.peerGone();
        }
    }

    /** The same by force: WebSockets are told, other applications have no grace period. */
    void force() {
        for (Http2Stream stream : all()) {
            if (!stream.tell(ServerEvent.FORCE)) {
                remove(stream);
                stream.cancelApplication();
            }
        }
    }

    /** Both sides have said everything. */
    void remove(Http2Stream stream) {
        if (open.remove(stream.id()) == null) {
            return;
        }
        if (receiving == stream) {
            receiving = null;
        }
        stream.closed();
        if (open.isEmpty()) {
            owner.emptied();
        }
    }

    // ------------------------------------------------------------------------------------------------ other frames

    @Override
    public void priority(int streamId, int dependency) throws Http2Failure {
        guard.count(Http2FloodGuard.Kind.EMPTY);
        checkDependency(streamId, dependency);
    }

    @Override
    public void settings(ByteBuf octets, int length) throws Http2Failure {
        guard.count(Http2FloodGuard.Kind.SETTINGS);
        int before = peer.initialWindow();
        apply(octets, length);
        output.settingsAcknowledgement(); // before what the settings permit
        openWindows((long) peer.initialWindow() - before);
        output.resume();
    }

    /** Takes over settings of the peer, which are not acknowledged where they came by {@code Upgrade}. */
    void apply(ByteBuf octets, int length) throws Http2Failure {
        peer.update(octets, length);
        output.apply(peer);
    }

    private void openWindows(long change) throws Http2Failure {
        if (change != 0) {
            for (Http2Stream stream : all()) {
                if (!stream.output.openWindow(change)) {
                    throw Http2Failure.ofConnection(Http2Error.FLOW_CONTROL_ERROR, LARGER_WINDOW);
                }
            }
        }
    }

    /** From now on the peer keeps to what the server said of itself. */
    @Override
    public void settingsAcknowledged() throws Http2Failure {
        guard.count(Http2FloodGuard.Kind.SETTINGS);
        if (acknowledged) {
            return;
        }
        acknowledged = true;
        hpack.maxTableSize(options.headerTableSize());
        int change = options.streamWindow() - streamWindow;
        streamWindow = options.streamWindow();
        open.values().forEach(stream -> stream.input.changeWindow(change));
    }

    @Override
    public void ping(long opaque) throws Http2Failure {
        guard.count(Http2FloodGuard.Kind.PING);
        output.ping(opaque, true);
    }

    @Override
    public void pingAcknowledged(long opaque) throws Http2Failure {
        guard.count(Http2FloodGuard.Kind.PING);
        owner.pingAnswered(opaque);
    }

    @Override
    public void goAway() throws Http2Failure {
        guard.count(Http2FloodGuard.Kind.EMPTY);
        owner.peerLeaves();
    }

    @Override
    public void windowUpdate(int streamId, int increment) throws Http2Failure {
        guard.windowUpdate();
        if (streamId == 0) {
            if (increment == 0) {
                throw Http2Failure.ofConnection(Http2Error.PROTOCOL_ERROR, "WINDOW_UPDATE by nothing");
            }
            if (!output.open(increment)) {
                throw Http2Failure.ofConnection(Http2Error.FLOW_CONTROL_ERROR, LARGER_WINDOW);
            }
            output.resume();
            return;
        }
        checkNotIdle(streamId);
        if (increment == 0) {
            throw Http2Failure.ofStream(streamId, Http2Error.PROTOCOL_ERROR, "WINDOW_UPDATE by nothing");
        }
        Http2Stream stream = open.get(streamId);
        if (stream != null && !stream.output.openWindow(increment)) {
            throw Http2Failure.ofStream(streamId, Http2Error.FLOW_CONTROL_ERROR, LARGER_WINDOW);
        }
    }

    @Override
    public void unknown() throws Http2Failure {
        guard.count(Http2FloodGuard.Kind.EMPTY);
    }
}
