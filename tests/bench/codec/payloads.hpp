/*
 * Fills Apache's generated objects with the same values in every run. Everybody else is fed from
 * the bytes that these objects make.
 */
#ifndef BENCH_PAYLOADS_HPP
#define BENCH_PAYLOADS_HPP

#include "payloads_types.h"
#include <cstdint>
#include <string>

/* xorshift64*: small, and the same everywhere. */
class Random
{
  public:
    explicit Random(uint64_t seed) : state(seed) {}

    uint64_t number()
    {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        return state * 2685821657736338717ULL;
    }
    int between(int low, int high) { return low + int(number() % uint64_t(high - low + 1)); }
    std::string text(int shortest, int longest)
    {
        static const char letters[] =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
        std::string s(size_t(between(shortest, longest)), ' ');

        for (char &c : s) {
            c = letters[number() & 63];
        }
        return s;
    }
    double real() { return double(int64_t(number() >> 12)) / 1048576.0; }

  private:
    uint64_t state;
};

inline void fill(bench::User &x)
{
    x.id = 123456;
    x.name = "Ada Lovelace";
    x.__set_email("ada.lovelace@example.org");
}

inline void fill(bench::User &x, Random &random)
{
    x.id = random.between(1, 1000000);
    x.name = random.text(8, 20);
    if (random.between(0, 3) != 0) {
        x.__set_email(random.text(8, 16) + "@example.com");
    }
}

inline void fill(bench::Users &x, size_t count = 1000)
{
    Random random(3);

    x.users.resize(count);
    for (auto &user : x.users) {
        fill(user, random);
    }
}

inline void fill(bench::Point &x, Random &random)
{
    x.x = random.real();
    x.y = random.real();
    x.z = random.real();
}

inline void fill(bench::Meta &x, Random &random)
{
    x.created = 1700000000000LL;
    x.updated = 1700000123456LL;
    x.owner = random.text(8, 12);
    x.version = 42;
    x.locked = true;
}

inline void fill(bench::Mixed &x)
{
    Random random(2);

    x.active = true;
    x.level = 7;
    x.port = 8443;
    x.id = random.between(1, 1 << 30);
    x.big = int64_t(random.number() >> 2);
    x.ratio = random.real();
    x.name = random.text(12, 20);
    x.token = random.text(32, 32);
    x.color = bench::Color::GREEN;
    x.hidden = true;
    x.width = 1920;
    x.height = 1080;
    x.offset = int64_t(random.number() >> 20);
    x.length = random.between(1, 100000);
    x.weight = random.real();
    x.title = random.text(24, 40);
    fill(x.pos, random);
    fill(x.meta, random);
    x.__set_parent_id(77);
    x.__set_note(random.text(30, 40));
    fill(x.dir, random);
}

inline void fill(bench::Numeric &x)
{
    Random random(4);

    x.longs.resize(10000);
    for (auto &value : x.longs) {
        int shift = random.between(1, 40);

        value = int64_t(random.number() >> shift);
    }
    x.doubles.resize(10000);
    for (auto &value : x.doubles) {
        value = random.real();
    }
    while (x.counts.size() < 1000) {
        std::string key = random.text(8, 16);

        x.counts[key] = int64_t(random.number() >> 24);
    }
}

inline void fill(bench::Attr &x, Random &random)
{
    x.name = random.text(8, 24);
    x.value = random.text(8, 40);
    if (random.between(0, 1) != 0) {
        x.__isset.tags = true;
        x.tags.resize(size_t(random.between(1, 4)));
        for (auto &tag : x.tags) {
            tag = random.text(8, 16);
        }
    }
}

inline void fill(bench::Leaf &x, Random &random)
{
    int keys;

    x.title = random.text(8, 40);
    x.ts = 1700000000000LL + random.between(0, 1 << 30);
    x.flag = random.between(0, 1) != 0;
    x.score = random.real();
    x.attrs.resize(size_t(random.between(4, 8)));
    for (auto &attr : x.attrs) {
        fill(attr, random);
    }
    keys = random.between(3, 6);
    for (int i = 0; i < keys; i++) {
        auto &words = x.index[random.text(8, 16)];

        words.resize(size_t(random.between(2, 6)));
        for (auto &word : words) {
            word = random.text(8, 24);
        }
    }
}

inline void fill(bench::Section &x, Random &random)
{
    x.title = random.text(16, 40);
    x.leaves.resize(size_t(random.between(8, 12)));
    for (auto &leaf : x.leaves) {
        fill(leaf, random);
    }
    for (int i = 0; i < 6; i++) {
        fill(x.named[random.text(8, 16)], random);
    }
}

inline void fill(bench::Document &x)
{
    Random random(5);

    x.id = random.text(32, 32);
    x.sections.resize(12);
    for (size_t i = 0; i < x.sections.size(); i++) {
        x.sections[i].no = int32_t(i);
        fill(x.sections[i], random);
    }
    for (int i = 0; i < 40; i++) {
        auto &numbers = x.refs[random.text(8, 16)];

        numbers.resize(size_t(random.between(3, 12)));
        for (auto &number : numbers) {
            number = random.between(0, 100000);
        }
    }
}

inline void fill(bench::Blob &x)
{
    Random random(6);

    x.data.resize(1 << 20);
    for (char &c : x.data) {
        c = char(random.number());
    }
}

#endif
