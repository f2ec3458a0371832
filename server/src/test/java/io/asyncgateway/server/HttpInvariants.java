package io.asyncgateway.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What holds of every answer to whatever an HTTP/1 peer sends. */
final class HttpInvariants {
    private static final Pattern HEAD =
            Pattern.compile("HTTP/1\\.1 ([1-5][0-9][0-9]) [ -~]*\\r\\n((?:[!-9;-~]+: [ -~\\x80-\\xff]*\\r\\n)*)\\r\\n");
    private static final Pattern LENGTH = Pattern.compile("content-length: ([0-9]+)\\r\\n");

    private static final byte[] END_OF_LINE = {'\r', '\n'};

    private HttpInvariants() {}

    /**
     * Checks those of the pipeline, and that what comes out of it is a sequence of well-formed responses. The line that the octets end in is ended too: until
     * then it is not looked at each time that an octet comes.
     */
    static void check(byte[] octets) {
        String answers = FuzzedConnection.check(ClientFrames.concat(octets, END_OF_LINE));
        int at = 0;
        Matcher head = HEAD.matcher(answers);
        while (at < answers.length()) {
            head.region(at, answers.length());
            if (!head.lookingAt()) {
                throw new AssertionError("no response at " + at + " of: " + answers);
            }
            at = head.end();
            int status = Integer.parseInt(head.group(1));
            if (status == 101) {
                return; // frames follow
            }
            Matcher length = LENGTH.matcher(head.group(2));
            // The answer to HEAD tells a length without a body; no body of ours begins as a response does.
            if (length.find() && !answers.startsWith("HTTP/1.1 ", at)) {
                at += Integer.parseInt(length.group(1));
            }
        }
    }

    /** The same of octets behind the head of a request with a chunked body. */
    static void checkChunked(byte[] octets) {
        byte[] head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(ISO_8859_1);
        check(ClientFrames.concat(head, octets));
    }
}
