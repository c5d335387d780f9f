"""What the matrix ran, as text and as Markdown."""
import collections


class Table:
    def __init__(self):
        self.rows = collections.OrderedDict()  # peer: side: counter of passed, failed
        self.reasons = collections.OrderedDict()  # (peer, reason): counter of sides
        self.left_out = []  # (peer, why)
        self.failed = []  # (case, why)

    def add(self, case, failure):
        counts = self.rows.setdefault(case.peer, {'client': collections.Counter(),
                                                  'server': collections.Counter()})[case.side]
        if case.reason is not None:
            counts['skipped'] += 1
            self.reasons.setdefault(case.peer, collections.Counter())[case.reason] += 1
        else:
            counts['failed' if failure else 'passed'] += 1
            if failure:
                self.failed.append((case, failure))

    def total(self):
        total = collections.Counter()
        for sides in self.rows.values():
            total.update(sides['client'] + sides['server'])
        return total

    def text(self):
        lines = [f'{"peer":20} {"its client":>14} {"its server":>14} {"left out":>9}']
        for peer, sides in self.rows.items():
            lines.append(f'{named(peer):20} {passed(sides["client"]):>14} '
                         f'{passed(sides["server"]):>14} {skipped(sides):>9}')
            lines += [f'    {count} left out: {reason}'
                      for reason, count in self.reasons.get(peer, {}).items()]
        lines += [f'{peer.title:20} left out: {why}' for peer, why in self.left_out]
        return '\n'.join(lines + [self.summary()])

    def summary(self):
        total = self.total()
        return (f'{total["passed"] + total["failed"]} combinations run, {total["passed"]} passed, '
                f'{total["failed"]} failed, {total["skipped"]} left out')

    def markdown(self):
        lines = ['| peer | its client to our server | our client to its server | left out |',
                 '|---|---:|---:|---:|']
        for peer, sides in self.rows.items():
            lines.append(f'| {named(peer)} | {passed(sides["client"])} | {passed(sides["server"])} '
                         f'| {skipped(sides)} |')
        lines += [f'| {peer.title} | | | {why} |' for peer, why in self.left_out]
        lines += ['', self.summary() + '. Left out, because', '']
        for peer, reasons in self.reasons.items():
            each = '; '.join(f'{reason} ({count})' for reason, count in reasons.items())
            lines.append(f'- {peer.title}: {each}')
        return '\n'.join(lines)


def named(peer):
    return f'{peer.title} {peer.version()}'.strip()


def passed(counts):
    run = counts['passed'] + counts['failed']
    return f'{counts["passed"]} of {run}' if run else ''


def skipped(sides):
    return sides['client']['skipped'] + sides['server']['skipped']
