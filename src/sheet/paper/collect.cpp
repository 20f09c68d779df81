#include "sheet/paper/collect.hpp"

#include "sheet/chain.hpp"
#include "sheet/errors.hpp"
#include "sheet/paper/image.hpp"
#include "sheet/paper/qr.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <tuple>

#include <fmt/format.h>

namespace urna::sheet {
namespace {

constexpr std::size_t kMaxPicture = std::size_t{64} << 20;

struct Input {
  std::string path;
  bool named;  // by the caller, not found in a folder
};

void list_inputs(base::FileSystem& files, const std::string& path, bool named,
                 int depth, std::vector<Input>& out, std::vector<Error>& errors_found) {
  if (files.kind(path) != base::FileKind::folder) {
    out.push_back({path, named});
    return;
  }
  constexpr int kDeepest = 16;
  auto names = files.list(path);
  if (!names || depth > kDeepest) {
    if (!names) errors_found.push_back(std::move(names).error().at(path));
    return;
  }
  for (const std::string& name : *names) {
    if (name.starts_with('.')) continue;
    list_inputs(files, base::join_path(path, name), false, depth + 1, out,
                errors_found);
  }
}

// Whether the codes of this picture already make whole, certified sheets.
bool complete(const std::vector<std::string>& texts) {
  const auto sheets = read_chains(texts);
  return !sheets.empty() && std::ranges::all_of(sheets, [](const auto& sheet) {
    return sheet && sheet->certificate;
  });
}

bool is_picture(ByteView file) {
  return is_pdf(file) || as_text(file).starts_with("\x89PNG") ||
         as_text(file).starts_with("\xFF\xD8\xFF");
}

// What the files give, gathered under one lock.
class Collector {
 public:
  explicit Collector(base::FileSystem& files) : files_(files) {}

  void read(const Input& input) {
    auto bytes = base::read_file(files_, input.path, std::size_t{1} << 30);
    if (!bytes) return add_error(std::move(bytes).error().at(input.path));
    if (is_sheet_file(as_text(*bytes))) return add_file(input.path, as_text(*bytes));
    if (is_picture(*bytes)) return add_picture(input.path);
    if (!input.named) return;
    add_error(Error{errors::bad_picture, "neither a sheet nor a picture", input.path,
                    "give sheets, PNG, JPEG or PDF files, or folders of them"});
  }

  Collection finish() && {
    for (auto& sheet : read_chains(std::vector(texts_.begin(), texts_.end()))) {
      if (sheet) {
        add_sheet(std::move(*sheet), "pictures");
      } else {
        out_.errors.push_back(std::move(sheet).error().at("pictures"));
      }
    }
    for (const std::string& text : texts_) {
      if (code_kind(text) == CodeKind::signature) {
        out_.official_signatures.push_back(text);
      }
    }
    out_.codes = texts_.size();
    // Threads end in any order; what they found does not.
    std::ranges::sort(out_.sheets, {}, [](const CollectedSheet& c) {
      const SheetFields& f = c.sheet.sheet.fields();
      return std::tuple(f.station, f.segment, c.sheet.sheet.digest());
    });
    std::ranges::sort(out_.errors, {}, &Error::where);
    return std::move(out_);
  }

  Collection& out() { return out_; }

 private:
  void add_error(Error error) {
    const std::scoped_lock lock(mutex_);
    out_.errors.push_back(std::move(error));
  }

  void add_file(const std::string& path, std::string_view text) {
    auto sheets = parse_sheet_file(text);
    const std::scoped_lock lock(mutex_);
    ++out_.files;
    for (auto& sheet : sheets) {
      if (sheet) {
        add_sheet(std::move(*sheet), path);
      } else {
        out_.errors.push_back(std::move(sheet).error().at(path));
      }
    }
  }

  void add_picture(const std::string& path) {
    auto texts = read_codes(files_, path);
    if (!texts) return add_error(std::move(texts).error());
    const bool ours = std::ranges::any_of(*texts, [](const std::string& text) {
      return code_kind(text) != CodeKind::foreign;
    });
    if (!ours) {
      return add_error(Error{errors::no_codes,
                             fmt::format("no code of a tally sheet in the picture ({} "
                                         "other codes)",
                                         texts->size()),
                             path, "take it again: nearer, sharper, without shadows"});
    }
    const std::scoped_lock lock(mutex_);
    ++out_.pictures;
    for (std::string& text : *texts) texts_.insert(std::move(text));
  }

  // One with its signature replaces the same sheet without.
  void add_sheet(SignedSheet sheet, std::string source) {
    const auto [at, fresh] = known_.emplace(sheet.sheet.digest(), out_.sheets.size());
    if (fresh) {
      out_.sheets.push_back({std::move(sheet), std::move(source)});
      return;
    }
    SignedSheet& old = out_.sheets[at->second].sheet;
    if ((!old.signature && sheet.signature) ||
        (!old.certificate && sheet.certificate)) {
      out_.sheets[at->second] = {std::move(sheet), std::move(source)};
    }
  }

  base::FileSystem& files_;
  std::mutex mutex_;
  Collection out_;
  std::set<std::string> texts_;
  std::map<Hash32, std::size_t> known_;
};

}  // namespace

Result<std::vector<std::string>> read_codes(base::FileSystem& files,
                                            const std::string& path) {
  auto bytes = base::read_file(files, path, kMaxPicture);
  if (!bytes) return std::unexpected(std::move(bytes).error().at(path));
  std::vector<std::string> out;
  if (is_pdf(*bytes)) {
    URNA_CHECK(for_each_pdf_page(path, [&](const GrayImage& page) {
      for (std::string& text : read_qr(page, complete)) out.push_back(std::move(text));
      return true;
    }));
    return out;
  }
  auto image = decode_picture(*bytes);
  if (!image) return std::unexpected(std::move(image).error().at(path));
  return read_qr(*image, complete);
}

Collection collect_sheets(
    base::FileSystem& files, const std::vector<std::string>& paths, unsigned threads,
    const std::function<void(std::size_t, std::size_t)>& progress) {
  Collector collector(files);
  std::vector<Input> inputs;
  for (const std::string& path : paths) {
    list_inputs(files, path, true, 0, inputs, collector.out().errors);
  }
  std::atomic<std::size_t> next = 0, done = 0;
  std::mutex telling;
  const auto work = [&] {
    for (std::size_t i; (i = next.fetch_add(1)) < inputs.size();) {
      collector.read(inputs[i]);
      if (!progress) continue;
      const std::scoped_lock lock(telling);
      progress(++done, inputs.size());
    }
  };
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  threads = static_cast<unsigned>(std::min<std::size_t>(threads, inputs.size()));
  std::vector<std::jthread> pool;
  for (unsigned i = 1; i < threads; ++i) pool.emplace_back(work);
  work();
  pool.clear();
  return std::move(collector).finish();
}

}  // namespace urna::sheet
