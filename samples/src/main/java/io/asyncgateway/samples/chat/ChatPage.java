package io.asyncgateway.samples.chat;

import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpEvent.ResponseBody;
import io.asyncgateway.api.HttpEvent.ResponseStart;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.Send;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** The files of the page, read from the jar once. A browser that has the present version gets 304. */
final class ChatPage {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private static final List<String> FILES = List.of(
            "chat.html",
            "icon.svg",
            "base.css",
            "layout.css",
            "messages.css",
            "main.js",
            "banner.js",
            "chat.js",
            "composer.js",
            "connection.js",
            "delivery.js",
            "dom.js",
            "drawers.js",
            "events.js",
            "links.js",
            "lists.js",
            "log.js",
            "outbox.js",
            "people.js",
            "room.js",
            "room-view.js",
            "storage.js",
            "time.js",
            "typing.js");

    /**
     * The page runs its own scripts and styles, talks to its own server, and loads nothing else. Trusted types are required and none is
     * ever made, so a browser that knows them refuses to read any text as HTML.
     */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'; trusted-types 'none'";

    private final Map<String, File> files = new LinkedHashMap<>();

    private record File(String tag, ResponseStart start, ResponseStart notModified, ByteBuffer bytes) {}

    /** Reads the files. It blocks, so it is for constructors. */
    ChatPage() {
        for (String name : FILES) {
            files.put("/" + name, read(name));
        }
        files.put("/", Objects.requireNonNull(files.remove("/chat.html")));
    }

    private static File read(String name) {
        byte[] bytes;
        try (InputStream in = ChatPage.class.getResourceAsStream(name)) {
            bytes = Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
        String tag = tag(bytes);
        ResponseStart start = ResponseStart.of(
                200,
                "content-type",
                Objects.requireNonNull(TYPES.get(name.substring(name.lastIndexOf('.') + 1)), name),
                "cache-control",
                "no-cache",
                "etag",
                tag,
                "content-security-policy",
                POLICY,
                "referrer-policy",
                "no-referrer",
                "cross-origin-opener-policy",
                "same-origin",
                "x-content-type-options",
                "nosniff");
        ResponseStart notModified = ResponseStart.of(304, "cache-control", "no-cache", "etag", tag);
        return new File(tag, start, notModified, ByteBuffer.wrap(bytes).asReadOnlyBuffer());
    }

    private static String tag(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"' + HexFormat.of().formatHex(digest, 0, 16) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256, which every Java platform has", e);
        }
    }

    /** Answers GET and HEAD with a file, anything else with what is wrong about it. */
    Mono<Void> send(HttpScope scope, Send send) {
        File file = files.get(scope.localPath());
        if (file == null) {
            return Http.respond(send, 404, "not found (expected: / for the chat)\n");
        }
        if (!scope.method().equals("GET") && !scope.method().equals("HEAD")) {
            return Http.respond(send, ResponseStart.of(405, "allow", "GET, HEAD"), ByteBuffer.allocate(0));
        }
        if (scope.headers().all("if-none-match").stream().anyMatch(condition -> names(condition, file.tag()))) {
            return send.send(file.notModified()).then(send.send(ResponseBody.last()));
        }
        return Http.respond(send, file.start(), file.bytes());
    }

    /** Weak comparison, as RFC 9110 section 13.1.2 wants it. Our tags have no comma in them, so a list is split at each. */
    private static boolean names(String condition, String tag) {
        for (String candidate : condition.split(",", -1)) {
            String opaque = candidate.strip();
            if (opaque.equals("*") || opaque.equals(tag) || opaque.equals("W/" + tag)) {
                return true;
            }
        }
        return false;
    }
}
