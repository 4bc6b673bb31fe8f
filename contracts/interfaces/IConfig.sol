// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

import {RollupConfig} from "../types/RollupConfig.sol";

/// @title The constants of a deployment.
interface IConfig {
    /// @notice Thrown by the constructor when a constant makes no sense.
    /// @param field its name, and `value` what was given.
    error Config__Invalid(string field, uint256 value);

    /// @return all constants. They never change.
    function config() external view returns (RollupConfig memory);
}
