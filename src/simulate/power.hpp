// One device's disk, with its bad luck: the program on it is killed, the power goes, or
// the disk fills up, at whatever change of the disk the dice chose. After a kill the
// system still holds what was not synced; after a power cut each such change survives
// or not, by the dice.
//
// Between the end of a program and start_again() every call fails, as if nobody called:
// the program's objects are thrown away by whoever drives it.
//
// Thread rule: one thread.
#pragma once

#include "base/testing/scripted_files.hpp"
#include "simulate/diary.hpp"

namespace urna::simulate {

class Power final : public base::FileSystem {
 public:
  // About once in `risk` calls of worry() something is planned; 0: never.
  Power(std::string device, std::uint32_t risk, Dice dice, Diary& diary)
      : device_(std::move(device)), risk_(risk), dice_(dice), diary_(diary) {}

  // Called before each step of a program: perhaps it will not live through it.
  void worry();
  // The program ends here and now, by the dice of its own, whatever it was doing.
  void strike();
  [[nodiscard]] bool dead() const { return dead_; }
  // The device starts again; the next program finds what is left.
  void start_again();
  // How often a program ended or a disk was full.
  [[nodiscard]] std::uint32_t faults() const { return faults_; }
  [[nodiscard]] const std::string& device() const { return device_; }

  // The disk itself, for the people who look into it: authorities, sticks, cheats.
  [[nodiscard]] base::testing::ScriptedFiles& disk() { return disk_; }

  [[nodiscard]] Result<std::unique_ptr<base::File>> open(const std::string& path,
                                                         base::OpenMode mode) override;
  [[nodiscard]] Result<void> rename(const std::string& from,
                                    const std::string& to) override;
  [[nodiscard]] Result<void> remove(const std::string& path) override;
  [[nodiscard]] Result<void> sync_folder(const std::string& path) override;
  [[nodiscard]] Result<void> make_folder(const std::string& path) override;
  [[nodiscard]] Result<std::vector<std::string>> list(const std::string& path) override;
  [[nodiscard]] base::FileKind kind(const std::string& path) override;

 private:
  friend class PoweredFile;
  enum class Fault : std::uint8_t { none, killed, power_cut, disk_full };
  [[nodiscard]] Result<void> alive() const;
  // Before each change of the disk.
  [[nodiscard]] Result<void> change();

  std::string device_;
  std::uint32_t risk_;
  Dice dice_;
  Diary& diary_;
  base::testing::ScriptedFiles disk_;
  Fault planned_ = Fault::none;
  std::uint32_t changes_left_ = 0;
  bool dead_ = false;
  bool power_lost_ = false;
  std::uint32_t faults_ = 0;
};

}  // namespace urna::simulate
