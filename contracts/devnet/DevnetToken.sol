// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.35;

/// @title The ERC-20 that the devnet's load transfers on L2. Not part of the rollup.
contract DevnetToken {
    // ERC-20 spells these in lower case.
    // solhint-disable const-name-snakecase
    string public constant name = "Baton devnet token";
    string public constant symbol = "BDT";
    uint8 public constant decimals = 18;
    // solhint-enable const-name-snakecase

    uint256 public totalSupply;
    mapping(address account => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    /// @notice Thrown when an account holds, or a spender may spend, less than is asked for.
    error DevnetToken__Insufficient(uint256 available, uint256 wanted);

    /// @param holders each of whom starts with `amountEach`.
    constructor(address[] memory holders, uint256 amountEach) {
        for (uint256 i = 0; i < holders.length; i++) {
            balanceOf[holders[i]] += amountEach;
            totalSupply += amountEach;
            emit Transfer(address(0), holders[i], amountEach);
        }
    }

    function transfer(address to, uint256 value) external returns (bool) {
        _move(msg.sender, to, value);
        return true;
    }

    function approve(address spender, uint256 value) external returns (bool) {
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        uint256 allowed = allowance[from][msg.sender];
        if (allowed < value) revert DevnetToken__Insufficient(allowed, value);
        allowance[from][msg.sender] = allowed - value;
        _move(from, to, value);
        return true;
    }

    function _move(address from, address to, uint256 value) private {
        uint256 balance = balanceOf[from];
        if (balance < value) revert DevnetToken__Insufficient(balance, value);
        balanceOf[from] = balance - value;
        balanceOf[to] += value;
        emit Transfer(from, to, value);
    }
}
