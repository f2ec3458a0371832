package io.asyncgateway.perf;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.util.Arrays;

/** The answers of the baseline on one HTTP connection, with one flush for each read of the socket. */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write comes to exceptionCaught.
final class RawHttpHandler extends ChannelInboundHandlerAdapter {
    private static final HttpHeadersFactory HEADERS =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false);
    private static final AsciiString SERVER = AsciiString.cached("async-gateway");
    private static final AsciiString TEXT = AsciiString.cached("text/plain; charset=utf-8");
    private static final AsciiString JSON = AsciiString.cached("application/json");
    private static final AsciiString OCTETS = AsciiString.cached("application/octet-stream");
    private static final ByteBuf HELLO = constant("Hello, World!".getBytes(US_ASCII));
    private static final AsciiString HELLO_LENGTH = AsciiString.cached("13");
    private static final AsciiString NO_LENGTH = AsciiString.cached("0");
    private static final int CHUNKS = 100;
    private static final ByteBuf CHUNK = constant(kibibyte());
    private static final ObjectWriter WRITER = new ObjectMapper().writerFor(Message.class);

    private final HttpDate date;
    private Echo echo = Echo.NONE;
    private boolean closing;

    RawHttpHandler(HttpDate date) {
        this.date = date;
    }

    record Message(String message) {}

    private enum Echo {
        NONE,
        BEFORE_BODY,
        IN_BODY
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws JsonProcessingException {
        if (message instanceof HttpRequest request) {
            request(context, request);
        } else if (echo != Echo.NONE && message instanceof HttpContent content) {
            echo(context, content);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (closing) {
            context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        } else {
            context.flush();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    private void request(ChannelHandlerContext context, HttpRequest request) throws JsonProcessingException {
        closing |= !HttpUtil.isKeepAlive(request);
        switch (request.uri()) {
            case "/plaintext" -> whole(context, TEXT, HELLO.duplicate(), HELLO_LENGTH);
            case "/json" -> {
                byte[] json = WRITER.writeValueAsBytes(new Message("Hello, World!"));
                whole(context, JSON, Unpooled.wrappedBuffer(json), Integer.toString(json.length));
            }
            case "/echo" -> echo = Echo.BEFORE_BODY;
            case "/stream" -> stream(context);
            case "/ws" -> webSocket(context, request);
            default -> respond(context, HttpResponseStatus.NOT_FOUND, TEXT, Unpooled.EMPTY_BUFFER, NO_LENGTH);
        }
    }

    private void whole(ChannelHandlerContext context, AsciiString type, ByteBuf body, CharSequence length) {
        respond(context, HttpResponseStatus.OK, type, body, length);
    }

    private void respond(
            ChannelHandlerContext context,
            HttpResponseStatus status,
            AsciiString type,
            ByteBuf body,
            CharSequence length) {
        HttpHeaders headers = headers(type).add(HttpHeaderNames.CONTENT_LENGTH, length);
        context.write(
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body, headers, EmptyHttpHeaders.INSTANCE),
                context.voidPromise());
    }

    /** A body that came in one piece goes back in one piece; the pieces of any other go back as they come. */
    private void echo(ChannelHandlerContext context, HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        if (last && echo == Echo.BEFORE_BODY) {
            ByteBuf body = content.content();
            whole(context, OCTETS, body, Integer.toString(body.readableBytes()));
        } else {
            if (echo == Echo.BEFORE_BODY) {
                context.write(chunked(), context.voidPromise());
            }
            context.write(content, context.voidPromise());
        }
        echo = last ? Echo.NONE : Echo.IN_BODY;
    }

    private void stream(ChannelHandlerContext context) {
        context.write(chunked(), context.voidPromise());
        for (int i = 0; i < CHUNKS; i++) {
            context.write(new DefaultHttpContent(CHUNK.duplicate()), context.voidPromise());
        }
        context.write(LastHttpContent.EMPTY_LAST_CONTENT, context.voidPromise());
    }

    private HttpHeaders headers(AsciiString type) {
        return HEADERS.newHeaders()
                .add(HttpHeaderNames.CONTENT_TYPE, type)
                .add(HttpHeaderNames.DATE, date.value())
                .add(HttpHeaderNames.SERVER, SERVER);
    }

    private DefaultHttpResponse chunked() {
        HttpHeaders headers = headers(OCTETS).add(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        return new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, headers);
    }

    /** From here on the connection is Netty's WebSocket codec and an echo; this handler leaves the pipeline. */
    private static void webSocket(ChannelHandlerContext context, HttpRequest request) {
        context.pipeline().addLast(new WebSocketServerProtocolHandler("/ws"), new RawWebSocketEcho());
        context.fireChannelRead(request);
        context.pipeline().remove(context.name());
    }

    private static ByteBuf constant(byte[] bytes) {
        return Unpooled.unreleasableBuffer(
                Unpooled.directBuffer(bytes.length).writeBytes(bytes).asReadOnly());
    }

    private static byte[] kibibyte() {
        byte[] bytes = new byte[1024];
        Arrays.fill(bytes, (byte) 'x');
        return bytes;
    }
}
