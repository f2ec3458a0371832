package io.asyncgateway.perf;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads what it gets, and writes as much as it is asked for. Remembers when the last read or write failed: {@code GET /woken} tells, by {@link System#nanoTime}, which is one clock
 * for all processes of a machine.
 */
final class StreamingServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final int BUFFER = 64 * 1024;

    private volatile long wokenAt;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        long size;
        try {
            size = count(request.getInputStream());
        } catch (IOException gone) {
            wokenAt = System.nanoTime();
            throw gone;
        }
        response.getOutputStream().print(size);
    }

    private static long count(InputStream in) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long size = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            size += read;
        }
        return size;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getRequestURI().equals("/woken")) {
            response.getOutputStream().write(Long.toString(wokenAt).getBytes(StandardCharsets.US_ASCII));
            return;
        }
        long size = Long.parseLong(request.getParameter("n"));
        response.setContentLengthLong(size);
        try {
            write(size, response.getOutputStream());
        } catch (IOException gone) {
            wokenAt = System.nanoTime();
            throw gone;
        }
    }

    private static void write(long size, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (long left = size; left > 0; left -= BUFFER) {
            out.write(buffer, 0, (int) Math.min(left, BUFFER));
        }
    }
}
