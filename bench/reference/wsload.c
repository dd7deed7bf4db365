/* wsload: one-thread epoll load generator for Socket.IO v5 / Engine.IO v4 over
 * websocket, and for plain websocket servers.  It costs about one recv() and a
 * short scan per delivered message, so that the server under test stays the
 * thing that is measured.  Built and driven by sioload.py; prints one JSON
 * object per phase on stdout (one line each).
 *
 * build: gcc -O2 -o wsload wsload.c -lz -lm
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#define RBUF (1 << 18)
#define MARK 43 /* @@rrrrr.ssss.nnnnnnnn.ttttttttttttttttttt@@ */

enum { S_NEW, S_CONNECTING, S_HTTP, S_OPEN, S_NS, S_JOIN, S_LIVE, S_DEAD };

typedef struct {
    int fd, state, idx, room, slot; /* slot >= 0: may send */
    uint64_t t0, t_live, t_caught, t_dead;
    char *left; size_t nleft, cleft;     /* partial inbound bytes */
    char *out; size_t nout, cout;        /* unsent outbound bytes */
    char *frag; size_t nfrag;            /* fragmented message */
    int frag_op, frag_rsv;
    uint32_t *last;                      /* last seq per sender slot of room */
    uint64_t hash;                       /* order hash of what was seen */
    uint64_t got, dup, gap, bytes, pings;
    long long last_id;
    uint64_t *ackq; int ackh, ackn;      /* fifo of post times waiting an ack */
    uint64_t caught;                     /* storm: 1 when caught up */
    z_stream *inf;
    int want_w;
} conn;

/* ---------- options ---------- */
static char *o_host = "127.0.0.1", *o_path = "/socket.io/?EIO=4&transport=websocket";
static char *o_proto = "sio", *o_mode = "steady", *o_cookies = NULL, *o_pids = "";
static char *o_join = "[\"join\",{\"room\":\"%r\",\"since\":%l}]";
static char *o_post = "[\"post\",{\"room\":\"%r\",\"body\":\"%m\"}]";
static char *o_auth = "", *o_ns = "", *o_idkey = "\"id\":", *o_joinok = "ack", *o_rate = "20";
static char *o_hdr = "", *o_origin = "", *o_vars = "";
static char *(*words)[4]; static int nwords; /* vars=FILE: one line per connection, "a b c d"; d is the first %l */
static int o_port = 5000, o_conns = 100, o_rooms = 5, o_senders = 1, o_conc = 64, o_size = 120;
static int o_deflate = 0, o_ack = 1, o_backlog = 10, o_self = 1, o_hosts = 1, o_firstu = 0, o_bin = 0;
static int o_wantpost = 1;
static double o_dur = 10, o_warm = 2, o_drain = 5, o_ramp_to = 60, o_hold = 0;

static uint64_t now_ns(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000000000ull + t.tv_nsec; }
static void die(const char *f, ...) { va_list a; va_start(a, f); vfprintf(stderr, f, a); fputc('\n', stderr); exit(2); }

/* ---------- histogram: microseconds, 64 sub-buckets per octave ---------- */
typedef struct { uint64_t n, max; double sum; uint32_t b[64 * 40]; } hist;
static int hidx(uint64_t us) { if (us < 64) return us; int e = 63 - __builtin_clzll(us); return (e - 5) * 64 + ((us >> (e - 6)) & 63); }
static double hval(int i) { if (i < 64) return i; int e = i / 64 + 5; return ((uint64_t)(64 + (i & 63)) << (e - 6)) + (1ull << (e - 6)) / 2.0; }
static void hadd(hist *h, uint64_t ns) { uint64_t us = ns / 1000; h->n++; h->sum += us; if (us > h->max) h->max = us; int i = hidx(us); if (i >= 64 * 40) i = 64 * 40 - 1; h->b[i]++; }
static double hq(hist *h, double q) { uint64_t want = (uint64_t)(q * h->n + 0.5), c = 0; if (!h->n) return 0; for (int i = 0; i < 64 * 40; i++) { c += h->b[i]; if (c >= want && c) return hval(i) / 1000.0; } return h->max / 1000.0; }
static void hjson(const char *name, hist *h) { printf("\"%s\":{\"n\":%lu,\"mean\":%.3f,\"p50\":%.3f,\"p95\":%.3f,\"p99\":%.3f,\"max\":%.3f}", name, h->n, h->n ? h->sum / h->n / 1000 : 0, hq(h, .5), hq(h, .95), hq(h, .99), h->max / 1000.0); }

static hist h_lat, h_ack, h_conn, h_lag;
static conn *C; static int EP, n_live, n_dead, n_conn_inflight, next_conn, conn_limit;
static uint64_t delivered, foreign, posts, expected, acks, errors, reconnect_fail, refused;
static uint32_t *room_members, *seq; /* seq[room*senders+slot] */
static char **cook; static int ncook;
static char pad[65536];
static int measuring; static uint64_t t_meas_from, t_meas_to;

/* ---------- /proc ---------- */
static double cpu_pids(double *rss_mb, int *threads) {
    char b[4096], *s = strdup(o_pids), *p = s, *t; double tot = 0; *rss_mb = 0; *threads = 0; long hz = sysconf(_SC_CLK_TCK);
    while ((t = strsep(&p, ","))) { if (!*t) continue; char f[64]; snprintf(f, 64, "/proc/%s/stat", t); FILE *fp = fopen(f, "r"); if (!fp) continue;
        size_t n = fread(b, 1, 4095, fp); b[n] = 0; fclose(fp); char *q = strrchr(b, ')'); if (!q) continue; unsigned long ut, st; long th, rss; 
        if (sscanf(q + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %*d %*d %*d %*d %ld %*d %*u %*u %ld", &ut, &st, &th, &rss) == 4) { tot += (double)(ut + st) / hz; *rss_mb += rss * 4096.0 / 1048576; *threads += th; } }
    free(s); return tot; }
/* busy seconds of the whole box (all cpus, irq and steal included): shows foreign load */
static double cpu_box(double *steal) { FILE *f = fopen("/proc/stat", "r"); unsigned long u, n, s, i, w, q, z, st; double hz = sysconf(_SC_CLK_TCK); *steal = 0; if (!f) return 0; int k = fscanf(f, "cpu %lu %lu %lu %lu %lu %lu %lu %lu", &u, &n, &s, &i, &w, &q, &z, &st); fclose(f); if (k != 8) return 0; *steal = st / hz; return (u + n + s + q + z + st) / hz; }

/* ---------- connection ---------- */
static void out_raw(conn *c, const char *b, size_t n) {
    if (c->state == S_DEAD) return;
    if (!c->nout) { ssize_t r = send(c->fd, b, n, MSG_NOSIGNAL | MSG_DONTWAIT); if (r == (ssize_t)n) return; if (r > 0) { b += r; n -= r; } else if (r < 0 && errno != EAGAIN) return; }
    if (c->nout + n > c->cout) { c->cout = (c->nout + n) * 2; c->out = realloc(c->out, c->cout); }
    memcpy(c->out + c->nout, b, n); c->nout += n;
    if (!c->want_w) { c->want_w = 1; struct epoll_event e = {.events = EPOLLIN | EPOLLOUT, .data.ptr = c}; epoll_ctl(EP, EPOLL_CTL_MOD, c->fd, &e); }
}
static uint32_t rnd_s = 88172645; static uint32_t rnd(void) { rnd_s ^= rnd_s << 13; rnd_s ^= rnd_s >> 17; rnd_s ^= rnd_s << 5; return rnd_s; }
static void ws_send(conn *c, int op, const char *m, size_t n) {
    static char f[70000]; size_t h = 2; if (n > 65000) die("message too long"); f[0] = 0x80 | op;
    if (n < 126) f[1] = 0x80 | n; else { f[1] = (char)(0x80 | 126); f[2] = n >> 8; f[3] = n & 255; h = 4; }
    uint32_t k = rnd(); memcpy(f + h, &k, 4); h += 4; const char *kk = (char *)&k;
    for (size_t i = 0; i < n; i++) f[h + i] = m[i] ^ kk[i & 3];
    out_raw(c, f, h + n); }
static size_t expand(conn *c, const char *t, char *o, size_t cap, const char *mark) {
    size_t n = 0; for (; *t && n < cap - 4096; t++) { if (*t == '%') { t++; if (*t == 'r') n += sprintf(o + n, "%d", c->room); else if (*t == 'u') n += sprintf(o + n, "%d", c->idx); else if (*t == 'l') n += sprintf(o + n, "%lld", c->last_id);
            else if (*t == 'i') { unsigned char u[16]; for (int k = 0; k < 4; k++) { uint32_t v = rnd(); memcpy(u + 4 * k, &v, 4); } u[6] = (u[6] & 15) | 64; u[8] = (u[8] & 63) | 128; for (int k = 0; k < 16; k++) n += sprintf(o + n, k == 4 || k == 6 || k == 8 || k == 10 ? "-%02x" : "%02x", u[k]); }
            else if (*t >= 'a' && *t <= 'c' && c->idx < nwords) n += sprintf(o + n, "%s", words[c->idx][*t - 'a']);
            else if (*t == 'm') { memcpy(o + n, mark, strlen(mark)); n += strlen(mark); } else o[n++] = *t; } else if (*t == '\\' && t[1] == 'x') { char hx[3] = {t[2], t[3], 0}; o[n++] = strtol(hx, 0, 16); t += 3; } else o[n++] = *t; }
    o[n] = 0; return n; }
static int sio(void) { return o_proto[0] == 's'; }
static void conn_dead(conn *c, int err) {
    if (c->state == S_DEAD) return; if (c->state == S_LIVE) n_live--; if (c->state < S_LIVE && c->state != S_NEW) n_conn_inflight--; if (err) errors++; n_dead++;
    c->state = S_DEAD; c->t_dead = now_ns(); if (c->fd >= 0) { epoll_ctl(EP, EPOLL_CTL_DEL, c->fd, 0); close(c->fd); } c->fd = -1; c->nleft = c->nout = 0; c->want_w = 0; free(c->frag); c->frag = 0; c->nfrag = 0; if (c->inf) { inflateEnd(c->inf); free(c->inf); c->inf = 0; } }
static void conn_start(conn *c) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(o_port)}; inet_pton(AF_INET, o_host, &a.sin_addr);
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0); if (c->fd < 0) die("socket: %s", strerror(errno)); int one = 1; setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    c->t0 = now_ns(); c->state = S_CONNECTING; n_conn_inflight++; c->nleft = c->nout = 0; c->want_w = 1;
    if (connect(c->fd, (void *)&a, sizeof a) < 0 && errno != EINPROGRESS) { conn_dead(c, 1); return; }
    struct epoll_event e = {.events = EPOLLIN | EPOLLOUT, .data.ptr = c}; epoll_ctl(EP, EPOLL_CTL_ADD, c->fd, &e); }
static void send_http(conn *c) {
    char b[16384]; int n = snprintf(b, sizeof b, "GET %s HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nUser-Agent: wsload\r\n%s%s%s%s%s%s%s%s\r\n", o_path, o_host, o_port,
        *o_origin ? "Origin: " : "", o_origin, *o_origin ? "\r\n" : "", ncook ? "Cookie: " : "", ncook ? cook[c->idx % ncook] : "", ncook ? "\r\n" : "", o_hdr, o_deflate ? "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n" : "");
    c->state = S_HTTP; out_raw(c, b, n); }
static void go_live(conn *c) { if (c->state == S_LIVE) return; c->state = S_LIVE; n_live++; n_conn_inflight--; c->t_live = now_ns(); hadd(&h_conn, c->t_live - c->t0); }
static void send_join(conn *c) {
    char b[8192]; int n = 0; if (!*o_join) { go_live(c); return; }
    if (sio()) n = sprintf(b, "42%s%s%s", o_ns, *o_ns ? "," : "", strcmp(o_joinok, "none") && o_ack ? "0" : ""); n += expand(c, o_join, b + n, 8000 - n, ""); c->state = S_JOIN; ws_send(c, o_bin && !sio() ? 2 : 1, b, n); if (!strcmp(o_joinok, "none")) go_live(c); }

static uint64_t num(const char *p, int n) { uint64_t v = 0; while (n--) v = v * 10 + (*p++ - '0'); return v; }
static void caught_check(conn *c) {
    if (c->t_caught) return; for (int s = 0; s < o_senders; s++) if (c->last[s] < seq[c->room * o_senders + s]) return; c->t_caught = now_ns(); }
static int storm_on;
static void scan(conn *c, const char *m, size_t n, uint64_t now) {
    const char *p = m, *e = m + n; int any = 0; uint32_t was_slot = ~0u, was_sq = 0;
    while ((p = memmem(p, e - p, "@@", 2))) {
        if (e - p < MARK) break; if (p[7] != '.' || p[12] != '.') { p += 2; continue; }
        uint32_t room = num(p + 2, 5), slot = num(p + 8, 4), sq = num(p + 13, 8); uint64_t t = num(p + 22, 19); p += MARK;
        if ((int)room != c->room || (int)slot >= o_senders) { foreign++; continue; }
        any = 1; if (slot == was_slot && sq == was_sq) continue; was_slot = slot; was_sq = sq; /* body and html of one message carry one mark */
        if (sq <= c->last[slot]) { c->dup++; continue; } if (sq > c->last[slot] + 1) c->gap += sq - c->last[slot] - 1;
        c->last[slot] = sq; c->got++; c->hash = (c->hash ^ ((uint64_t)slot << 32 | sq)) * 0x9E3779B97F4A7C15ull; c->hash ^= c->hash >> 29; delivered++;
        if (measuring && t >= t_meas_from && t < t_meas_to) hadd(&h_lat, now > t ? now - t : 0); }
    if (any) { if (*o_idkey) { const char *q = memmem(m, n, o_idkey, strlen(o_idkey)), *z = NULL; while (q) { z = q; q += strlen(o_idkey); q = memmem(q, e - q, o_idkey, strlen(o_idkey)); } if (z) { long long v = atoll(z + strlen(o_idkey)); if (v > c->last_id) c->last_id = v; } }
        if (storm_on) caught_check(c); } }
static void on_msg(conn *c, int op, char *m, size_t n, uint64_t now) {
    c->bytes += n;
    if (!sio()) { if (c->state == S_JOIN && (!strcmp(o_joinok, "ack") || memmem(m, n, o_joinok, strlen(o_joinok)))) { scan(c, m, n, now); go_live(c); if (storm_on) caught_check(c); return; } scan(c, m, n, now); return; }
    if (op == 2) { if (c->state == S_LIVE || c->state == S_JOIN) scan(c, m, n, now); return; }
    if (n < 1) return;
    switch (m[0]) {
    case '0': { char b[8192]; int k = sprintf(b, "40%s%s", o_ns, *o_ns ? "," : ""); k += expand(c, o_auth, b + k, 8000 - k, ""); ws_send(c, 1, b, k); c->state = S_NS; break; }
    case '2': c->pings++; ws_send(c, 1, "3", 1); break;
    case '4':
        if (n < 2) break;
        if (m[1] == '0' && c->state == S_NS) send_join(c);
        else if (m[1] == '4') { fprintf(stderr, "connect error: %.*s\n", (int)(n > 200 ? 200 : n), m); conn_dead(c, 1); }
        else if (m[1] == '1') conn_dead(c, 1);
        else if (m[1] == '3') {
            if (memmem(m, n, "\"ok\":false", 10)) { refused++; if (c->state == S_JOIN) { conn_dead(c, 1); break; } }
            if (c->state == S_JOIN && !strcmp(o_joinok, "ack")) { scan(c, m, n, now); go_live(c); if (storm_on) caught_check(c); }
            else if (c->ackn) { uint64_t t = c->ackq[c->ackh]; c->ackh = (c->ackh + 1) & 4095; c->ackn--; acks++; if (measuring) hadd(&h_ack, now - t); } }
        else { if (c->state == S_JOIN && strcmp(o_joinok, "ack") && memmem(m, n, o_joinok, strlen(o_joinok))) { scan(c, m, n, now); go_live(c); if (storm_on) caught_check(c); } else scan(c, m, n, now); }
    } }
static uint64_t wire_bytes, deflated_msgs;
static void deliver(conn *c, int op, int rsv, char *m, size_t n, uint64_t now) {
    if (!rsv) { on_msg(c, op, m, n, now); return; }
    static char buf[1 << 20]; deflated_msgs++; if (!c->inf) { c->inf = calloc(1, sizeof(z_stream)); inflateInit2(c->inf, -15); }
    c->inf->next_in = (void *)m; c->inf->avail_in = n; c->inf->next_out = (void *)buf; c->inf->avail_out = sizeof buf; inflate(c->inf, Z_SYNC_FLUSH);
    static unsigned char tail[4] = {0, 0, 255, 255}; c->inf->next_in = tail; c->inf->avail_in = 4; int r = inflate(c->inf, Z_SYNC_FLUSH); if (r < 0 && r != Z_BUF_ERROR) { errors++; return; }
    on_msg(c, op, buf, sizeof buf - c->inf->avail_out, now); }
static size_t parse(conn *c, char *b, size_t n, uint64_t now) {
    size_t o = 0;
    while (c->state != S_DEAD) {
        if (c->state == S_HTTP) { char *e = memmem(b + o, n - o, "\r\n\r\n", 4); if (!e) break; if (n - o < 12 || memcmp(b + o + 9, "101", 3)) { static int shown; if (shown++ < 3) fprintf(stderr, "handshake: %.*s\n", 80, b + o); conn_dead(c, 1); return n; }
            o = e + 4 - b; if (sio()) c->state = S_OPEN; else { c->state = S_OPEN; send_join(c); } continue; }
        if (n - o < 2) break; unsigned char *f = (void *)(b + o); size_t h = 2; uint64_t len = f[1] & 127; if (len == 126) { if (n - o < 4) break; len = f[2] << 8 | f[3]; h = 4; } else if (len == 127) { if (n - o < 10) break; len = 0; for (int i = 0; i < 8; i++) len = len << 8 | f[2 + i]; h = 10; }
        if (f[1] & 128) die("masked server frame"); if (n - o < h + len) break; int op = f[0] & 15, fin = f[0] & 128, rsv = (f[0] & 0x40) != 0; char *p = b + o + h; o += h + len;
        if (op == 8) { conn_dead(c, 1); return n; } if (op == 9) { ws_send(c, 10, p, len); continue; } if (op == 10) continue;
        if (op && fin) { deliver(c, op, rsv, p, len, now); continue; }
        if (op) { c->frag_op = op; c->frag_rsv = rsv; c->nfrag = 0; }
        c->frag = realloc(c->frag, c->nfrag + len + 1); memcpy(c->frag + c->nfrag, p, len); c->nfrag += len; if (fin) { char *fr = c->frag; size_t fn = c->nfrag; c->frag = 0; c->nfrag = 0; deliver(c, c->frag_op, c->frag_rsv, fr, fn, now); free(fr); } }
    return o; }
static char rbuf[RBUF * 2];
static void on_read(conn *c) {
    for (;;) {
        size_t pre = c->nleft; if (pre) memcpy(rbuf, c->left, pre); size_t cap = sizeof rbuf - pre; if (cap > RBUF) cap = RBUF; if (pre > RBUF) die("frame too big");
        ssize_t r = recv(c->fd, rbuf + pre, cap, 0); if (r < 0) { if (errno == EAGAIN) return; conn_dead(c, 1); return; } if (r == 0) { conn_dead(c, 1); return; }
        wire_bytes += r; size_t n = pre + r, o = parse(c, rbuf, n, now_ns()); if (c->state == S_DEAD) return;
        c->nleft = n - o; if (c->nleft) { if (c->cleft < c->nleft) { c->left = realloc(c->left, c->nleft + 512); c->cleft = c->nleft + 512; } memcpy(c->left, rbuf + o, c->nleft); }
        if ((size_t)r < cap) return; } }
static void on_write(conn *c) {
    if (c->state == S_CONNECTING) { int e = 0; socklen_t l = sizeof e; getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &e, &l); if (e) { conn_dead(c, 1); return; } send_http(c); }
    if (c->nout) { ssize_t r = send(c->fd, c->out, c->nout, MSG_NOSIGNAL | MSG_DONTWAIT); if (r > 0) { memmove(c->out, c->out + r, c->nout - r); c->nout -= r; } }
    if (!c->nout && c->want_w) { c->want_w = 0; struct epoll_event e = {.events = EPOLLIN, .data.ptr = c}; epoll_ctl(EP, EPOLL_CTL_MOD, c->fd, &e); } }
static void pump(int ms) {
    struct epoll_event ev[1024]; int n = epoll_wait(EP, ev, 1024, ms);
    for (int i = 0; i < n; i++) { conn *c = ev[i].data.ptr; if (c->state == S_DEAD) continue; if (ev[i].events & EPOLLOUT) on_write(c); if (c->state != S_DEAD && ev[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) on_read(c); } }
static void ramp_pump(void) { while (next_conn < conn_limit && n_conn_inflight < o_conc) { conn *c = &C[next_conn++]; if (c->state == S_NEW || c->state == S_DEAD) { if (c->state == S_DEAD) n_dead--; conn_start(c); } } }

static void post_from(conn *c, uint64_t t) {
    char mark[66000], b[70000]; uint32_t *s = &seq[c->room * o_senders + c->slot]; ++*s;
    int n = sprintf(mark, "@@%05d.%04d.%08u.%019lu@@", c->room, c->slot, *s, t); if (o_size > n) { memcpy(mark + n, pad + (*s * 7) % 1000, o_size - n); mark[o_size] = 0; }
    int k = 0; if (sio()) { k = sprintf(b, "42%s%s", o_ns, *o_ns ? "," : ""); if (o_ack) k += sprintf(b + k, "%u", 1 + *s % 100000); }
    k += expand(c, o_post, b + k, 69000 - k, mark); ws_send(c, o_bin && !sio() ? 2 : 1, b, k); posts++; expected += room_members[c->room] - (o_self ? 0 : 1);
    if (!o_self) c->last[c->slot] = *s;
    if (sio() && o_ack && c->ackn < 4096) { c->ackq[(c->ackh + c->ackn) & 4095] = now_ns(); c->ackn++; } }
static void verify(uint64_t *dup, uint64_t *gap, int *order_bad, int *behind) {
    *dup = *gap = 0; *order_bad = *behind = 0; uint64_t *ref = calloc(o_rooms, 8); char *has = calloc(o_rooms, 1);
    for (int i = 0; i < o_conns; i++) { conn *c = &C[i]; *dup += c->dup; *gap += c->gap; if (c->state != S_LIVE) continue; int be = 0; for (int s = 0; s < o_senders; s++) if (c->last[s] < seq[c->room * o_senders + s]) be = 1; if (be) { ++*behind; continue; }
        if (c->dup || c->gap || !o_self) continue; if (!has[c->room]) { has[c->room] = 1; ref[c->room] = c->hash; } else if (ref[c->room] != c->hash) ++*order_bad; }
    free(ref); free(has); }
static double cpu_self(void) { struct rusage r; getrusage(RUSAGE_SELF, &r); return r.ru_utime.tv_sec + r.ru_stime.tv_sec + (r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6; }
static void reset(void) { memset(&h_lat, 0, sizeof h_lat); memset(&h_ack, 0, sizeof h_ack); memset(&h_lag, 0, sizeof h_lag); delivered = foreign = posts = expected = acks = errors = 0; wire_bytes = deflated_msgs = 0; for (int i = 0; i < o_conns; i++) { C[i].dup = C[i].gap = 0; } }

static void run_rate(double rate, double dur, double drain, double warm, int report) {
    reset(); double rss0, rss1; int th; uint64_t start = now_ns(), end, next = start; int turn = 0; double step = 1e9 / rate;
    double c0 = 0, s0 = 0, b0 = 0, b1, z0 = 0, z1; int in_meas = 0; uint64_t d0 = 0, p0 = 0, e0 = 0; double k = 0; t_meas_from = start + (uint64_t)(warm * 1e9); t_meas_to = end = t_meas_from + (uint64_t)(dur * 1e9); measuring = 1;
    uint64_t m_start = 0; int nsend = o_rooms * o_senders;
    while (1) { uint64_t t = now_ns(); if (!in_meas && t >= t_meas_from) { in_meas = 1; c0 = cpu_pids(&rss0, &th); s0 = cpu_self(); b0 = cpu_box(&z0); d0 = delivered; p0 = posts; e0 = expected; m_start = t; }
        if (t >= end) break;
        while (next <= t) { conn *c = NULL; for (int tries = 0; tries < nsend; tries++) { int q = turn++ % nsend; c = &C[q]; if (c->state == S_LIVE) break; c = NULL; } if (c) { if (in_meas) hadd(&h_lag, now_ns() - next); post_from(c, next); } k += 1; next = start + (uint64_t)(k * step); }
        t = now_ns(); int ms = next > t ? (next - t) / 1000000 : 0; if (ms > 20) ms = 20; pump(ms); }
    double dt = (now_ns() - m_start) / 1e9; double c1 = cpu_pids(&rss1, &th), s1 = cpu_self(); b1 = cpu_box(&z1); uint64_t dd = delivered - d0, pp = posts - p0; (void)e0;
    uint64_t dl = now_ns() + (uint64_t)(drain * 1e9); while (now_ns() < dl && (delivered < expected || (o_ack && sio() && acks < posts))) pump(5); double drained = (now_ns() - (dl - (uint64_t)(drain * 1e9))) / 1e9; measuring = 0;
    if (!report) return; uint64_t dup, gap; int ob, be; verify(&dup, &gap, &ob, &be);
    printf("{\"phase\":\"rate\",\"rate\":%.1f,\"conns\":%d,\"rooms\":%d,\"live\":%d,\"secs\":%.2f,\"posts\":%lu,\"delivered\":%lu,\"deliveries_per_s\":%.0f,\"expected_total\":%lu,\"delivered_total\":%lu,\"lost\":%ld,\"dup\":%lu,\"gap\":%lu,\"members_order_differs\":%d,\"members_behind\":%d,\"foreign\":%lu,\"errors\":%lu,\"acks\":%lu,\"drain_s\":%.3f,", rate, o_conns, o_rooms, n_live, dt, pp, dd, dd / dt, expected, delivered, (long)(expected - delivered), dup, gap, ob, be, foreign, errors, acks, drained);
    printf("\"server_cpu_s\":%.3f,\"server_cpu_pct\":%.1f,\"server_cpu_ms_per_1000\":%.3f,\"server_rss_mb\":%.1f,\"server_threads\":%d,\"other_cpu_pct\":%.1f,\"steal_pct\":%.1f,\"client_cpu_pct\":%.1f,\"client_cpu_ms_per_1000\":%.3f,\"wire_bytes_per_delivery\":%.1f,\"deflated\":%lu,", c1 - c0, 100 * (c1 - c0) / dt, dd ? 1e6 * (c1 - c0) / dd : 0, rss1, th, 100 * (b1 - b0 - (c1 - c0) - (s1 - s0)) / dt, 100 * (z1 - z0) / dt, 100 * (s1 - s0) / dt, dd ? 1e6 * (s1 - s0) / dd : 0, delivered ? (double)wire_bytes / delivered : 0, deflated_msgs);
    hjson("latency_ms", &h_lat); printf(","); hjson("ack_ms", &h_ack); printf(","); hjson("send_lag_ms", &h_lag); printf("}\n"); fflush(stdout); }

int main(int argc, char **argv) {
    static struct { const char *k; char **s; int *i; double *d; } O[] = {{"host", &o_host}, {"path", &o_path}, {"proto", &o_proto}, {"mode", &o_mode}, {"cookies", &o_cookies}, {"pids", &o_pids}, {"join", &o_join}, {"post", &o_post}, {"auth", &o_auth}, {"ns", &o_ns}, {"idkey", &o_idkey}, {"joinok", &o_joinok}, {"rate", &o_rate}, {"origin", &o_origin}, {"hdr", &o_hdr}, {"vars", &o_vars},
        {"port", 0, &o_port}, {"conns", 0, &o_conns}, {"rooms", 0, &o_rooms}, {"senders", 0, &o_senders}, {"conc", 0, &o_conc}, {"size", 0, &o_size}, {"deflate", 0, &o_deflate}, {"ack", 0, &o_ack}, {"backlog", 0, &o_backlog}, {"self", 0, &o_self}, {"bin", 0, &o_bin}, {"dur", 0, 0, &o_dur}, {"warm", 0, 0, &o_warm}, {"drain", 0, 0, &o_drain}, {"rampto", 0, 0, &o_ramp_to}, {"hold", 0, 0, &o_hold}, {0}};
    for (int i = 1; i < argc; i++) { char *eq = strchr(argv[i], '='); if (!eq) die("bad option %s", argv[i]); *eq = 0; int ok = 0; for (int j = 0; O[j].k; j++) if (!strcmp(O[j].k, argv[i])) { ok = 1; if (O[j].s) *O[j].s = eq + 1; else if (O[j].i) *O[j].i = atoi(eq + 1); else *O[j].d = atof(eq + 1); } if (!ok) die("unknown option %s", argv[i]); }
    if (o_cookies && *o_cookies) { FILE *f = fopen(o_cookies, "r"); char ln[8192]; if (!f) die("cookies"); while (fgets(ln, sizeof ln, f)) { ln[strcspn(ln, "\r\n")] = 0; if (*ln) { cook = realloc(cook, (ncook + 1) * sizeof *cook); char *x = malloc(strlen(ln) + 8), *w = x; for (char *q = ln; *q; q++) { if (*q == '\t') { *w++ = '\r'; *w++ = '\n'; } else *w++ = *q; } *w = 0; cook[ncook++] = x; /* "cookie<TAB>Name: value" adds a header */ } } fclose(f); }
    static const char *w[] = {"salon", "atelier", "rendez-vous", "merci", "jeudi", "soir", "club", "entretien", "question", "bonjour", "salle", "horaire", "conseil", "demain", "metier", "projet"}; size_t pn = 0; while (pn < sizeof pad - 64) pn += sprintf(pad + pn, "%s ", w[rnd() & 15]);
    rnd_s ^= (uint32_t)now_ns() | 1;
    if (*o_vars) { FILE *f = fopen(o_vars, "r"); char ln[1024]; if (!f) die("vars"); while (fgets(ln, sizeof ln, f)) { words = realloc(words, (nwords + 1) * sizeof *words); char *q = ln, *x; for (int k = 0; k < 4; k++) { x = strsep(&q, " \n"); words[nwords][k] = strdup(x ? x : ""); } nwords++; } fclose(f); }
    EP = epoll_create1(0); C = calloc(o_conns, sizeof *C); seq = calloc((size_t)o_rooms * o_senders, 4); room_members = calloc(o_rooms, 4);
    for (int i = 0; i < o_conns; i++) { conn *c = &C[i]; c->fd = -1; c->idx = i; c->room = i % o_rooms; c->slot = i / o_rooms < o_senders ? i / o_rooms : -1; c->last_id = i < nwords ? atoll(words[i][3]) : 0; c->last = calloc(o_senders, 4); if (c->slot >= 0) c->ackq = calloc(4096, 8); room_members[c->room]++; }
    double r0, r1; int th0, th1; double c0 = cpu_pids(&r0, &th0); uint64_t t = now_ns(); conn_limit = o_conns; uint64_t dl = t + (uint64_t)(o_ramp_to * 1e9);
    while ((n_live + n_dead < o_conns) && now_ns() < dl) { ramp_pump(); pump(5); }
    double secs = (now_ns() - t) / 1e9, c1; c1 = cpu_pids(&r1, &th1); if (o_hold > 0) { uint64_t hl = now_ns() + (uint64_t)(o_hold * 1e9); while (now_ns() < hl) pump(20); }
    double r2; int th2; double c2 = cpu_pids(&r2, &th2);
    printf("{\"phase\":\"connect\",\"conns\":%d,\"live\":%d,\"failed\":%d,\"secs\":%.3f,\"connects_per_s\":%.0f,\"server_cpu_ms_per_connect\":%.3f,\"rss_mb_before\":%.1f,\"rss_mb_after\":%.1f,\"kib_per_conn\":%.1f,\"threads\":%d,\"hold_s\":%.1f,\"idle_cpu_pct\":%.2f,", o_conns, n_live, n_dead, secs, n_live / secs, n_live ? 1e3 * (c1 - c0) / n_live : 0, r0, r2, n_live ? (r2 - r0) * 1024 / n_live : 0, th2, o_hold, o_hold > 0 ? 100 * (c2 - c1) / o_hold : 0); hjson("connect_ms", &h_conn); printf("}\n"); fflush(stdout);
    for (int r = 0; r < o_rooms; r++) room_members[r] = 0; for (int i = 0; i < o_conns; i++) if (C[i].state == S_LIVE) room_members[C[i].room]++;
    if (!n_live) return 1;
    if (!strcmp(o_mode, "idle")) return 0;
    if (!strcmp(o_mode, "listen")) { /* somebody else posts; only receive */
        reset(); measuring = 1; t_meas_from = 0; t_meas_to = ~0ull; double a, b2, z; int th; double k0 = cpu_pids(&a, &th), bx0 = cpu_box(&z), s0 = cpu_self(); uint64_t le = now_ns() + (uint64_t)(o_dur * 1e9), ls = now_ns(); while (now_ns() < le) pump(20); double k1 = cpu_pids(&b2, &th), bx1 = cpu_box(&z), sec = (now_ns() - ls) / 1e9; uint64_t dup = 0, gap = 0; uint32_t mx = 0, mn = ~0u; for (int i = 0; i < o_conns; i++) { dup += C[i].dup; gap += C[i].gap; uint32_t q = C[i].last[0]; if (C[i].state != S_LIVE) continue; if (q > mx) mx = q; if (q < mn) mn = q; }
        printf("{\"phase\":\"listen\",\"live\":%d,\"secs\":%.1f,\"delivered\":%lu,\"dup\":%lu,\"gap\":%lu,\"last_seq_min\":%u,\"last_seq_max\":%u,\"server_cpu_pct\":%.1f,\"server_cpu_ms_per_1000\":%.2f,\"server_rss_mb\":%.1f,\"other_cpu_pct\":%.1f,", n_live, sec, delivered, dup, gap, mn, mx, 100 * (k1 - k0) / sec, delivered ? 1e6 * (k1 - k0) / delivered : 0, b2, 100 * (bx1 - bx0 - (k1 - k0) - (cpu_self() - s0)) / sec); hjson("latency_ms", &h_lat); printf("}\n"); return 0; }
    if (!strcmp(o_mode, "storm")) {
        run_rate(atof(o_rate), o_dur, o_drain, 0, 1);
        /* everyone but the first member of each room drops, the rest posts a backlog */
        for (int i = o_rooms; i < o_conns; i++) if (C[i].state == S_LIVE) { conn_dead(&C[i], 0); }
        uint64_t w8 = now_ns() + 2000000000ull; while (now_ns() < w8) pump(5);
        for (int r = 0; r < o_rooms; r++) room_members[r] = 1; reset();
        uint64_t bl = now_ns() + 60000000000ull;
        for (int b = 0; b < o_backlog && now_ns() < bl; b++) { for (int r = 0; r < o_rooms; r++) post_from(&C[r], now_ns()); uint64_t q = now_ns() + 50000000ull; while (now_ns() < q) pump(2);
            /* the return is measured, not how fast ten are said: the next comes when the last is acknowledged */
            q = now_ns() + 20000000000ull; while (o_ack && sio() && acks < posts && now_ns() < q && now_ns() < bl) pump(5); }
        w8 = now_ns() + 15000000000ull; while (now_ns() < w8 && delivered < expected) pump(5);
        long unsaid = (long)(expected - delivered); uint64_t before = refused;
        double s0 = cpu_pids(&r0, &th0); memset(&h_conn, 0, sizeof h_conn); reset(); storm_on = 1; next_conn = 0; o_conc = o_conns; uint64_t st = now_ns(); ramp_pump(); int done = 0, want = o_conns - o_rooms; uint64_t to = st + (uint64_t)(o_ramp_to * 1e9);
        while (now_ns() < to) { pump(5); if (next_conn < o_conns) ramp_pump(); done = 0; if (n_live >= o_conns - n_dead) { for (int i = o_rooms; i < o_conns; i++) if (C[i].t_caught) done++; if (done >= want) break; }
            /* those that were refused try again after a second, like a browser client would */
            for (int i = o_rooms; i < o_conns; i++) if (C[i].state == S_DEAD && now_ns() - C[i].t_dead > 1000000000ull && next_conn >= o_conns) { n_dead--; reconnect_fail++; uint64_t t0 = C[i].t0; conn_start(&C[i]); C[i].t0 = t0; if (C[i].state == S_DEAD) break; } }
        double tt = (now_ns() - st) / 1e9, s1 = cpu_pids(&r1, &th1); hist h = {0}; done = 0; for (int i = o_rooms; i < o_conns; i++) if (C[i].t_caught) { done++; hadd(&h, C[i].t_caught - st); } uint64_t dup, gap; int ob, be; verify(&dup, &gap, &ob, &be);
        printf("{\"phase\":\"storm\",\"reconnected\":%d,\"caught_up\":%d,\"of\":%d,\"secs\":%.3f,\"retries\":%lu,\"dup\":%lu,\"gap\":%lu,\"members_order_differs\":%d,\"members_behind\":%d,\"unsaid\":%ld,\"refused_before\":%lu,\"refused\":%lu,\"server_cpu_s\":%.2f,\"server_rss_mb\":%.1f,", n_live - o_rooms, done, want, tt, reconnect_fail, dup, gap, ob, be, unsaid, before, refused - before, s1 - s0, r1); hjson("caught_up_ms", &h); printf("}\n"); return 0; }
    char *rs = strdup(o_rate), *p = rs, *x; int first = 1; while ((x = strsep(&p, ","))) { if (!*x) continue; run_rate(atof(x), o_dur, o_drain, first ? o_warm : 1, 1); first = 0; uint64_t q = now_ns() + 300000000ull; while (now_ns() < q) pump(5); }
    return 0; }
