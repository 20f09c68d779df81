// Document entries: one spelling, and everything else refused.
#include "log/document.hpp"

#include "log/errors.hpp"

#include <gtest/gtest.h>

namespace urna::log {
namespace {

const Document kExample{"package", "N01", Hash32{0xab}};
const std::string kText =
    "urna-document/1 package N01 ab" + std::string(62, '0') + "\n";

TEST(Document, IsTheLineOfThePageAndReadsBack) {
  EXPECT_EQ(as_text(kExample.entry()), kText);
  const auto read = parse_document(as_bytes(kText));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, kExample);
  EXPECT_EQ(blob_path(kExample.hash), "blob/ab" + std::string(62, '0'));
}

TEST(Document, RefusesEverySpellingButOne) {
  const std::string hash = "ab" + std::string(62, '0');
  for (const std::string& text :
       {std::string(), std::string("\n"), kText + "\n",
        kText.substr(0, kText.size() - 1), "urna-document/2 package N01 " + hash + "\n",
        "urna-document/1 package  " + hash + "\n",
        "urna-document/1 Package N01 " + hash + "\n",
        "urna-document/1 package .N01 " + hash + "\n",
        "urna-document/1 package N/1 " + hash + "\n",
        "urna-document/1 package N01 " + hash + " \n",
        "urna-document/1 package N01 A" + hash.substr(1) + "\n",
        "urna-document/1 package N01 " + hash.substr(2) + "\n",
        "urna-document/1 package " + std::string(65, 'N') + " " + hash + "\n"}) {
    const auto read = parse_document(as_bytes(text));
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().kind, errors::bad_document);
  }
}

TEST(Document, EveryChangedByteIsRefusedOrAnotherDocument) {
  for (std::size_t i = 0; i < kText.size(); ++i) {
    for (const char c : {'\0', ' ', '\n', 'z', '1', '/'}) {
      std::string text = kText;
      if (text[i] == c) continue;
      text[i] = c;
      const auto read = parse_document(as_bytes(text));
      if (read) {
        EXPECT_EQ(as_text(read->entry()), text);
      }
    }
  }
}

}  // namespace
}  // namespace urna::log
