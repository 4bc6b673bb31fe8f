// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {IConfig} from "../interfaces/IConfig.sol";
import {IRollupViews} from "../interfaces/IRollupViews.sol";
import {Context} from "../types/Context.sol";
import {RollupConfig} from "../types/RollupConfig.sol";
import {Tips} from "../types/Tips.sol";
import {Base} from "./Base.sol";

/// @notice Reading the state as it is; what needs more than one look at it is `RollupLens`'s.
abstract contract Views is Base, IConfig, IRollupViews {
    /// @inheritdoc IConfig
    function config() external view returns (RollupConfig memory) {
        return _config();
    }

    /// @inheritdoc IRollupViews
    function tips() external view returns (uint256 slot, uint256 number, uint256 inboxCount, uint160 digest) {
        Tips submitted = _tips;
        return (submitted.slot(), submitted.number(), submitted.inboxCount(), submitted.digest());
    }

    /// @inheritdoc IRollupViews
    function settledTip() external view returns (uint256 number, uint256 slot) {
        return (_context.settledNumber(), _context.settledSlot());
    }

    /// @inheritdoc IRollupViews
    function provenNumber() external view returns (uint256) {
        return _context.provenNumber();
    }

    /// @inheritdoc IRollupViews
    function logHash(uint256 number) external view returns (bytes32) {
        Context context = _context;
        if (number <= context.settledNumber() || number > _tips.number()) return 0;
        return _logHash(number);
    }

    /// @inheritdoc IRollupViews
    function refillSlot() external view returns (uint256) {
        return _context.refillSlot();
    }
}
