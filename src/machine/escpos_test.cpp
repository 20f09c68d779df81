#include "machine/errors.hpp"
#include "machine/testing/world.hpp"
#include "sheet/paper/testing/escpos_emulator.hpp"

#include <gtest/gtest.h>

namespace urna::machine {
namespace {

using sheet::testing::EscPosEmulator;

TEST(EscPos, PrintsExactlyTheDotsOfThePicture) {
  testing::World world;
  EscPosEmulator emulator;
  EscPosPrinter printer(emulator);
  const auto document = world.slips.at("en").footer(Footer::cast);
  ASSERT_TRUE(printer.print(document, true));
  const auto pages = sheet::to_images(document, sheet::Medium::roll80).value();
  EXPECT_EQ(emulator.lines, static_cast<std::size_t>(pages.front().height));
  EXPECT_EQ(emulator.cuts, 1u);
  EXPECT_EQ(emulator.unknown, 0u);
  const auto& image = pages.front();
  const std::size_t width = static_cast<std::size_t>((image.width + 7) / 8);
  for (int y = 0; y < image.height; y += 7) {
    for (int x = 0; x < image.width; ++x) {
      const std::uint8_t byte = emulator.paper[static_cast<std::size_t>(y) * width +
                                               static_cast<std::size_t>(x / 8)];
      ASSERT_EQ((byte >> (7 - x % 8) & 1) == 1, image.at(x, y) < 128) << x << "," << y;
    }
  }
}

TEST(EscPos, NamesEveryFaultBeforeAndDuringAPiece) {
  testing::World world;
  const auto document = world.slips.at("en").footer(Footer::cast);
  for (const PrinterFault fault :
       {PrinterFault::cover_open, PrinterFault::paper_out, PrinterFault::jam}) {
    EscPosEmulator emulator;
    EscPosPrinter printer(emulator);
    emulator.fault = fault;
    EXPECT_EQ(printer.status(), fault);
    EXPECT_FALSE(printer.print(document, true));
    EXPECT_EQ(emulator.lines, 0u);
    emulator.fault = PrinterFault::none;
    emulator.fail_after_lines = 5;
    emulator.fail_with = fault;
    EXPECT_EQ(printer.print(document, true).error().kind, errors::printer_failed);
    EXPECT_EQ(printer.status(), fault);
    EXPECT_EQ(emulator.cuts, 0u);
  }
  EscPosEmulator emulator;
  EscPosPrinter printer(emulator);
  emulator.unplugged = true;
  EXPECT_EQ(printer.status(), PrinterFault::offline);
  EXPECT_FALSE(printer.print(document, true));
}

TEST(EscPos, VotesThroughARealLineOfCommands) {
  testing::World world;
  world.make_store();
  auto store = world.open_store();
  EscPosEmulator emulator;
  EscPosPrinter printer(emulator);
  const SessionParts parts{store,         printer,
                           world.random,  world.clock,
                           world.station, 1,
                           world.key,     world.closing.public_key(),
                           world.device,  world.definition.hash(),
                           world.pool,    world.slips,
                           "es",          2};
  VoterSession session(parts);
  ASSERT_TRUE(session.show_token(world.tokens.characters[0]));
  ASSERT_TRUE(session.handle(VoterEvent::begin));
  ASSERT_TRUE(session.handle(VoterEvent::to_review));
  ASSERT_TRUE(session.handle(VoterEvent::confirm));
  emulator.fail_after_lines = emulator.lines + 3;
  emulator.fail_with = PrinterFault::paper_out;
  ASSERT_TRUE(session.handle(VoterEvent::cast));
  EXPECT_EQ(session.state(), Voter::cast_blocked);
  EXPECT_EQ(session.fault(), PrinterFault::paper_out);
  EXPECT_EQ(store.counts().cast, 1u) << "the vote counts while the paper waits";
  emulator.fault = PrinterFault::none;
  emulator.fail_after_lines = SIZE_MAX;
  ASSERT_TRUE(session.handle(VoterEvent::printer_ready));
  EXPECT_EQ(session.state(), Voter::ended);
  EXPECT_EQ(emulator.cuts, 3u);
}

}  // namespace
}  // namespace urna::machine
