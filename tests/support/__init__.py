"""What the tests stand on.

run (the run's folder, locks, what cannot run here) · postgres · databases (a migrated database in an instant) ·
application · factories · cast (the same people everywhere) · clients (signed-in test clients) · page (the page that
reviews itself) · process (the real server) · sockets · browser · mailbox · queries · order (the longest files first).
"""
