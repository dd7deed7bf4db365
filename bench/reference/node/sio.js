// node's socket.io: rooms, a post told to everyone, nothing stored. Who comes back is given what they missed from memory.
const http = require('http');
const {Server} = require('socket.io');
let id = 0;
const said = {};
const s = http.createServer((q, r) => r.end('ok'));
const io = new Server(s, {perMessageDeflate: false, serveClient: false, wsEngine: require('ws').Server});
io.on('connection', k => {
  if (!k.handshake.headers.cookie) return k.disconnect();
  k.on('join', (d, cb) => {
    k.join(d.room);
    cb({ok: true, backlog: d.since ? (said[d.room] || []).filter(m => m.id > d.since) : []});
  });
  k.on('post', (d, cb) => {
    const m = {id: ++id, room: d.room, author: 1, body: d.body, ts: Date.now() / 1000};
    const kept = said[d.room] = said[d.room] || [];
    kept.push(m);
    if (kept.length > 40) kept.shift();
    io.to(d.room).emit('msg', m);
    cb({id: m.id});
  });
});
s.listen(+process.env.PORT, '127.0.0.1', 4096);
