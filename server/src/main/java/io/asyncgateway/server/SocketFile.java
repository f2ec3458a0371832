package io.asyncgateway.server;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Makes way for the file of a Unix domain socket. One that a server left behind when it died would be in the way for ever, and a transport would either fail on
 * it or take away whatever is there, also the socket of a server that lives.
 */
final class SocketFile {
    private SocketFile() {}

    /**
     * Removes a socket on which nobody listens. Blocks.
     *
     * @throws IOException if something else is there
     */
    static void makeWay(UnixDomainSocketAddress address) throws IOException {
        Path file = address.getPath();
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        // What is neither a file nor a folder nor a link is a socket here, or it refuses to be connected to.
        if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw new IOException("a file that is no socket is there");
        }
        if (isListenedOn(address)) {
            throw new IOException("address already in use");
        }
        Files.delete(file);
    }

    private static boolean isListenedOn(UnixDomainSocketAddress address) {
        try (SocketChannel probe = SocketChannel.open(address)) {
            return probe.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }
}
